"""Cards: a picture of the right size for each page, drawn once, named in the head, and without boxes for letters."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sites import build, outputs, write

from ssg.build import Builder
from ssg.builtin import social
from ssg.config import load
from ssg.options import Options

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
pytest.importorskip("fontpkg_inter", reason="the font is not installed")

from ssg.builtin.social import card  # noqa: E402 - which needs Pillow

CONFIG = "site_name: Demo\nsite_url: https://example.org/docs/\nplugins: [social]\n"
SITE: dict[str, str | bytes | None] = {
    "ssg.yml": CONFIG,
    "content/index.md": "# Home\n",
    "content/guide/install.md": "---\ndescription: How to begin.\n---\n# Install\n\nText.\n",
    "content/own.md": "---\nimage: https://example.com/own.png\n---\n# Own\n",
    "content/404.md": "# Not here\n",
    "content/secret.md": "---\ndraft: true\n---\n# Secret\n",
}
LOOK = card.Look(site="Demo", background="#0f4c5c", colour="", rtl=False, logo=b"", font=b"")


def cards(root: Path) -> dict[str, bytes]:
    return {path: data for path, data in outputs(root / "output").items() if path.endswith(".png")}


def pixels(data: bytes) -> Any:
    return Image.open(BytesIO(data)).convert("RGB")


def metas(page: bytes) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="((?:og:image|twitter)[^"]*)" content="([^"]*)">', page.decode()))


def test_each_page_has_a_card_and_names_it(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    assert build(tmp_path).diagnostics == ()
    found = cards(tmp_path)
    assert set(found) == {f"assets/social/{name}.png" for name in ("index", "guide/install/index", "own/index")}
    assert {pixels(one).size for one in found.values()} == {(1200, 630)}
    assert max(map(len, found.values())) < 40_000
    assert len(set(found.values())) == 3
    files = outputs(tmp_path / "output")
    address = "https://example.org/docs/assets/social/guide/install/index.png"
    assert metas(files["guide/install/index.html"]) == {
        "og:image": address,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Install",
        "twitter:image": address,
        "twitter:card": "summary_large_image",
    }
    assert metas(files["own/index.html"])["og:image"] == "https://example.com/own.png"
    assert metas(files["404.html"]) == {"twitter:card": "summary"}


def test_none_is_drawn_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = card.draw

    def draw(look: card.Look, title: str, description: str) -> bytes:
        drawn.append(title)
        return real(look, title, description)

    monkeypatch.setattr(card, "draw", draw)
    write(tmp_path, SITE)
    build(tmp_path)
    assert sorted(drawn) == ["Home", "Install", "Own"]
    first = cards(tmp_path)
    drawn.clear()
    write(tmp_path, {"content/guide/install.md": f"{SITE['content/guide/install.md']!s}More text.\n", "output": None})
    build(tmp_path)
    assert drawn == [] and cards(tmp_path) == first
    write(tmp_path, {"content/guide/install.md": "# Set up\n", "content/own.md": None})
    build(tmp_path)
    assert drawn == ["Set up"]
    assert set(cards(tmp_path)) == {"assets/social/index.png", "assets/social/guide/install/index.png"}
    build(tmp_path, output="clean", remember=False)
    assert outputs(tmp_path / "clean") == outputs(tmp_path / "output")


def test_the_logo_and_colours(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    build(tmp_path)
    plain = pixels(cards(tmp_path)["assets/social/index.png"])
    stream = BytesIO()
    Image.new("RGB", (10, 10), (255, 0, 0)).save(stream, "PNG")
    write(tmp_path, {"content/logo.png": stream.getvalue()})
    write(tmp_path, {"ssg.yml": CONFIG + "theme: {logo: logo.png, palette: [{primary: yellow}]}\n"})
    assert build(tmp_path).diagnostics == ()
    found = pixels(cards(tmp_path)["assets/social/index.png"])
    assert found.getpixel((100, 100)) == (255, 0, 0)
    red, green, blue = found.getpixel((5, 5))
    assert (red, green, blue) != plain.getpixel((5, 5))
    assert max(red, green) < 140 and blue < red, "yellow, so dark that white can be read on it"
    write(tmp_path, {"content/logo.png": b"no picture"})
    build(tmp_path)
    assert pixels(cards(tmp_path)["assets/social/index.png"]).getpixel((100, 100)) != (255, 0, 0)
    options = "plugins:\n  - social:\n      cards_layout_options: {background_color: white, color: '#102030'}\n"
    write(tmp_path, {"ssg.yml": CONFIG.replace("plugins: [social]\n", options)})
    assert build(tmp_path).diagnostics == ()
    assert pixels(cards(tmp_path)["assets/social/index.png"]).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("title", ["日本語のページ", "صفحة", "हिन्दी", "Read 漢字"])
def test_letters_that_the_font_lacks_are_no_boxes(title: str) -> None:
    assert not card.can_write(title)
    assert card.draw(LOOK, title, "") == card.draw(LOOK, "", "")


@pytest.mark.parametrize("title", ["Größe – “macOS” & C++", "Ωμέγα", "Кухня", "Tiếng Việt", "E\u0301tude"])
def test_letters_that_it_has(title: str) -> None:
    assert card.can_write(title)
    assert card.draw(LOOK, title, "") != card.draw(LOOK, "", "")


def test_pictures_in_titles_are_left_out() -> None:
    assert card.draw(LOOK, "Install 🎉\u200d\ufe0f now", "") == card.draw(LOOK, "Install now", "")


def test_titles_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "content/a.md": "# 日本語\n"})
    (problem,) = build(tmp_path).diagnostics
    assert (problem.code, problem.severity, problem.line) == ("social-font", "warning", 3)
    assert "the title of 1 page is not on the card" in problem.message and "a.md" in problem.message
    options = "plugins:\n  - social: {font: font.ttf}\n"
    write(tmp_path, {"ssg.yml": CONFIG.replace("plugins: [social]\n", options), "font.ttf": b"no font"})
    result = build(tmp_path)
    assert not result.published
    assert "not a font that can be read" in result.diagnostics[0].message
    write(tmp_path, {"font.ttf": card._inter()})
    assert build(tmp_path).diagnostics == ()
    write(tmp_path, {"font.ttf": None})
    assert "there is no file 'font.ttf'" in build(tmp_path).diagnostics[0].message


@pytest.mark.parametrize("words", [1, 12, 200])
@pytest.mark.parametrize("word", ["word", "Donaudampfschifffahrtsgesellschaftskapitän" * 3])
def test_nothing_is_written_over_the_edge(words: int, word: str) -> None:
    image = pixels(card.draw(LOOK, " ".join([word] * words), " ".join([word] * words)))
    background = image.getpixel((5, 5))
    for box in ((0, 0, 70, 600), (1130, 0, 1200, 600), (0, 590, 1200, 612)):
        assert image.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), background)]


def test_without_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {**SITE, "ssg.yml": CONFIG.replace("site_url", "# site_url")})
    (problem,) = build(tmp_path).diagnostics
    assert (problem.code, problem.severity) == ("social-address", "warning")
    assert cards(tmp_path) == {} and "og:image" not in outputs(tmp_path / "output")["index.html"].decode()
    monkeypatch.setattr(social, "find_spec", lambda name: None)
    write(tmp_path, {"ssg.yml": CONFIG})
    result = build(tmp_path, remember=False)
    (problem,) = result.diagnostics
    assert (problem.code, result.published) == ("social-missing", False)
    assert "pillow and fontpkg-inter, which are not installed" in problem.message
    write(tmp_path, {"ssg.yml": None, "mkdocs.yml": f"{CONFIG}docs_dir: content\n"})
    result = build(tmp_path, remember=False)
    assert result.published and [one.severity for one in result.diagnostics] == ["warning"]


def test_a_colour_that_is_none(tmp_path: Path) -> None:
    options = "plugins:\n  - social:\n      cards_layout_options: {color: blurple}\n"
    write(tmp_path, {**SITE, "ssg.yml": CONFIG.replace("plugins: [social]\n", options)})
    assert "`color` of the plugin `social` is no colour" in build(tmp_path).diagnostics[0].message


def test_the_server_draws_none(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    builder = Builder(load(None, cwd=tmp_path), Options(drafts=True))
    try:
        assert builder.build().diagnostics == ()
    finally:
        builder.close()
    assert cards(tmp_path) == {}
    assert "og:image" not in outputs(tmp_path / "output")["index.html"].decode()
