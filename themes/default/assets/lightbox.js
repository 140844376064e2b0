// Pictures that can be enlarged: those of the text that are not links and do not say `.no-zoom`.
{
  const { all, page, style, words } = ssg;

  const open = (image) => {
    const dialog = document.createElement("dialog");
    const figure = document.createElement("figure");
    const button = Object.assign(document.createElement("button"), { type: "button", ariaLabel: words.close });
    figure.append(Object.assign(document.createElement("img"), { src: image.currentSrc || image.src, alt: image.alt }));
    const caption = image.closest("figure")?.querySelector("figcaption");
    if (caption) figure.append(caption.cloneNode(true));
    dialog.className = "lightbox";
    dialog.ariaLabel = image.alt || words.zoom;
    dialog.append(figure, button);
    dialog.onclick = () => dialog.close();
    dialog.onclose = () => {
      dialog.remove();
      image.focus();
    };
    document.body.append(dialog);
    dialog.showModal();
  };

  style("extras.css");
  page(() => {
    for (const image of all(".content img:not(a img, .no-zoom, .off-glb, .twemoji)")) {
      image.classList.add("zoom");
      image.tabIndex = 0;
      image.role = "button";
      image.ariaLabel = image.alt ? `${image.alt} – ${words.zoom}` : words.zoom;
      image.onclick = () => open(image);
      image.onkeydown = (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        open(image);
      };
    }
  });
}
