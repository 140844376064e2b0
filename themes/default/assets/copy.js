// A page as Markdown: the link to it becomes a button that copies it. It stays a link where browsers forbid that.
{
  const { all, page, words } = ssg;
  const copy = (href) => {
    const text = fetch(href).then((answer) => (answer.ok ? answer.blob() : Promise.reject(answer)));
    const plain = text.then(async (blob) => new Blob([await blob.text()], { type: "text/plain" }));
    // the promise is handed over: Safari allows writing only while the click is handled
    return navigator.clipboard.write([new ClipboardItem({ "text/plain": plain })]);
  };

  page(() => {
    if (!navigator.clipboard?.write) return;
    for (const link of all("a.copy-page")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = link.className;
      const label = `${words.copy}: ${link.textContent}`;
      button.textContent = label;
      button.onclick = async () => {
        try {
          await copy(link.href);
          button.textContent = words.copied;
          setTimeout(() => (button.textContent = label), 2000);
        } catch {
          location.assign(link.href);
        }
      };
      link.replaceWith(button);
    }
  });
}
