"""What of MkDocs and Material this version supports, and what it only knows by name: the tables behind warnings."""

STANDS_FOR_DEFAULT = frozenset({"material", "mkdocs", "readthedocs"})
"""Themes that a configuration may name for the default theme."""

FEATURES = frozenset(
    {
        "announce.dismiss",
        "content.action.edit",
        "content.action.view",
        "content.code.annotate",
        "content.code.copy",
        "content.code.select",
        "content.footnote.tooltips",
        "content.lazy",
        "content.lightbox",
        "content.tabs.link",
        "content.tooltips",
        "header.autohide",
        "navigation.expand",
        "navigation.footer",
        "navigation.indexes",
        "navigation.instant",
        "navigation.instant.prefetch",
        "navigation.instant.preview",
        "navigation.instant.progress",
        "navigation.path",
        "navigation.prune",
        "navigation.sections",
        "navigation.tabs",
        "navigation.tabs.sticky",
        "navigation.top",
        "navigation.tracking",
        "search.highlight",
        "search.share",
        "search.suggest",
        "toc.follow",
        "toc.integrate",
    }
)
"""`theme.features` that the default theme has; some of them whether they are named or not, see `FEATURES_ALWAYS`."""

FEATURES_ALWAYS = frozenset(
    {
        "content.action.edit",
        "content.code.annotate",
        "content.code.copy",
        "navigation.footer",
        "navigation.indexes",
        "navigation.path",
        "navigation.prune",
        "search.highlight",
        "search.share",
        "search.suggest",
        "toc.follow",
    }
)
"""`theme.features` that need not be named."""

ICONS = frozenset(
    {
        "admonition",
        "alternate",
        "annotation",
        "close",
        "edit",
        "logo",
        "menu",
        "next",
        "previous",
        "repo",
        "search",
        "share",
        "tag",
        "top",
        "view",
    }
)
"""Parts of the default theme whose icon `theme.icon` chooses."""

THEME_OPTIONS = frozenset({"locale"})
"""Other keys of `theme` that the default theme acts on."""

KEYS_NOT_YET = {
    "extra_templates": "the files are copied as they are",
}
"""Keys of MkDocs that are read and have no effect, and what happens instead."""

PLUGINS = frozenset({"feed", "llms", "redirects", "search", "sitemap", "social", "tags"})
"""Plugins that are built in."""

PLUGIN_OPTIONS_NOT_YET = {
    "social": frozenset(
        {
            *("cache", "cache_dir", "cards_dir", "cards_exclude", "cards_include", "cards_layout", "cards_layout_dir"),
            *("concurrency", "debug", "debug_grid", "debug_grid_color", "debug_grid_step", "debug_on_build", "log"),
            *("log_level",),
        }
    ),
    "tags": frozenset(
        {
            "export",
            "export_file",
            "export_only",
            "filters",
            "listings",
            "listings_directive",
            "listings_layout",
            "listings_map",
            "listings_sort_by",
            "listings_sort_reverse",
            "listings_tags_sort_by",
            "listings_tags_sort_reverse",
            "listings_toc",
            "shadow",
            "shadow_on_serve",
            "shadow_tags",
            "shadow_tags_prefix",
            "shadow_tags_suffix",
            "tags",
            "tags_compare",
            "tags_compare_reverse",
            "tags_extra_files",
            "tags_hierarchy",
            "tags_hierarchy_separator",
            "tags_name_property",
            "tags_name_variable",
            "tags_pages_compare",
            "tags_pages_compare_reverse",
            "tags_slugify",
            "tags_slugify_format",
            "tags_slugify_separator",
            "tags_sort_by",
            "tags_sort_reverse",
        }
    ),
    "search": frozenset({"fields", "jieba_dict", "jieba_dict_user", "prebuild_index", "separator"}),
}
"""Options that plugins of the same name have in MkDocs, and ours do not."""

PLUGINS_NOT_YET = {
    **dict.fromkeys(
        (
            "api-autonav",
            "autolinks",
            "autorefs",
            "badges",
            "bibtex",
            "blog",
            "build_plantuml",
            "callouts",
            "charts",
            "coverage",
            "d2",
            "drawio",
            "encryptcontent",
            "external-markdown",
            "ezlinks",
            "file-filter",
            "gen-files",
            "gh-admonitions",
            "git-authors",
            "git-committers",
            "git-committers-2",
            "git-revision-date",
            "git-revision-date-localized",
            "glightbox",
            "group",
            "htmlproofer",
            "i18n",
            "img2fig",
            "info",
            "jupyter",
            "kroki",
            "llmstxt",
            "macros",
            "markdown-exec",
            "mermaid2",
            "meta",
            "mike",
            "minify",
            "mkdocs-jupyter",
            "mkdocstrings",
            "monorepo",
            "multirepo",
            "ng-link",
            "no-sidebar",
            "offline",
            "open-in-new-tab",
            "optimize",
            "panzoom",
            "pdf-export",
            "plantuml",
            "print-site",
            "privacy",
            "projects",
            "puml",
            "render_swagger",
            "roamlinks",
            "rss",
            "same-dir",
            "simple-hooks",
            "spellcheck",
            "static-i18n",
            "statistics",
            "swagger-ui-tag",
            "table-reader",
            "termynal",
            "typeset",
            "unused_files",
            "version_annotations",
            "with-pdf",
        ),
        "",
    ),
    "awesome-nav": "a folder's order can be given by a `.nav.yml` in it",
    "awesome-pages": "a folder's order can be given by a `.nav.yml` in it",
    "literate-nav": "a folder's order can be given by a `.nav.yml` in it",
    "section-index": "it is not needed: a section with an index page is a link to it",
    "minify": "use the key `minify`",
    "offline": "use the key `offline`",
    "pdf-export": "use `ssg build --pdf`",
    "print-site": "use the key `print_page`",
    "with-pdf": "use `ssg build --pdf`",
    "exclude": "use the key `exclude_docs`",
    "include-markdown": "the extension `pymdownx.snippets` can include files",
}
"""Plugins of MkDocs that are known by name, and what to do instead if there is something."""

EXTENSIONS_NOT_YET = ("material.extensions.", "materialx.", "zensical.extensions.")
"""Starts of the names of Markdown extensions that belong to other generators."""

ALWAYS_ON = frozenset({"fenced_code", "tables", "toc"})
"""Markdown extensions that MkDocs loads whether they are listed or not."""
