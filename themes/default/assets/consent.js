// Asks once, and again from the foot of the page. What needs the answer waits for `ssg.consent`.
{
  const { page, store, style } = ssg;
  let agree;
  ssg.consent = new Promise((resolve) => { agree = resolve; });

  page(() => {
    const dialog = document.querySelector(".consent");
    const again = document.querySelector(".consent-again");
    if (!dialog) return;
    const ask = () => style("extras.css").then(() => { dialog.open = true; }); // show() would take the focus
    dialog.onclose = () => {
      const before = store.get("consent");
      store.set("consent", dialog.returnValue || "reject");
      if (dialog.returnValue === "accept") agree();
      else if (before === "accept") location.reload();
    };
    again.parentElement.hidden = false;
    again.onclick = (event) => {
      event.preventDefault();
      ask().then(() => dialog.querySelector("button").focus());
    };
    if (store.get("consent") === "accept") agree();
    else if (!store.get("consent")) ask();
  });
}
