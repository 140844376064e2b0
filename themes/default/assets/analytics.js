// Counts visits: loads the provider's script, once the reader agreed where that is asked for.
addEventListener("DOMContentLoaded", async () => {
  const { provider, property, src, consent } = document.querySelector("script[data-provider]").dataset;
  if (consent !== undefined) {
    await ssg.load("consent.js");
    await ssg.consent;
  }
  const script = document.createElement("script");
  script.defer = true;
  if (provider === "google") {
    script.src = `https://www.googletagmanager.com/gtag/js?id=${encodeURIComponent(property)}`;
    window.dataLayer ??= [];
    window.gtag = function gtag() { dataLayer.push(arguments); };
    gtag("js", new Date());
    gtag("config", property);
  } else if (provider === "plausible") {
    script.src = src ?? "https://plausible.io/js/script.js";
    script.dataset.domain = property;
  } else if (provider === "umami") {
    script.src = src ?? "https://cloud.umami.is/script.js";
    script.dataset.websiteId = property;
  } else if (src) {
    script.src = src;
  }
  if (script.src) document.head.append(script);
});
