// Whether a page was helpful: told to analytics, and to whoever listens to the event `feedback`.
{
  const { page } = ssg;

  page(() => {
    const form = document.querySelector(".feedback");
    if (!form) return;
    form.onsubmit = (event) => {
      event.preventDefault();
      const { value, dataset } = event.submitter;
      const detail = { page: location.pathname, data: Number(value) };
      // a heading of such a name is a property of the window, too
      const { gtag, plausible, umami } = window;
      if (typeof gtag === "function") gtag("event", "feedback", detail);
      if (typeof plausible === "function") plausible("feedback", { props: detail });
      umami?.track?.("feedback", detail);
      document.dispatchEvent(new CustomEvent("feedback", { detail }));
      form.firstElementChild.disabled = true;
      // a note may be HTML: it is the site's own configuration
      form.lastElementChild.innerHTML = dataset.note
        .replaceAll("{url}", encodeURIComponent(location.href)).replaceAll("{title}", encodeURIComponent(document.title));
    };
  });
}
