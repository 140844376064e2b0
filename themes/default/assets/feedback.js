// Whether a page was helpful: told to analytics, and to whoever listens to the event `feedback`.
{
  const { page, style } = ssg;

  style("extras.css");
  page(() => {
    const form = document.querySelector(".feedback");
    if (!form) return;
    form.hidden = false;
    form.onsubmit = (event) => {
      event.preventDefault();
      const { value, dataset } = event.submitter;
      const detail = { page: location.pathname, data: Number(value) };
      window.gtag?.("event", "feedback", detail);
      window.plausible?.("feedback", { props: detail });
      window.umami?.track?.("feedback", detail);
      document.dispatchEvent(new CustomEvent("feedback", { detail }));
      form.firstElementChild.disabled = true;
      // a note may be HTML: it is the site's own configuration
      form.lastElementChild.innerHTML = dataset.note
        .replaceAll("{url}", encodeURIComponent(location.href)).replaceAll("{title}", encodeURIComponent(document.title));
    };
  });
}
