// The terminal takes the keys as soon as something is shown: nobody has to click first.
window.addEventListener("load", () => {
  const looking = new MutationObserver(() => {
    if (!document.body.classList.contains("-first-byte")) return;
    looking.disconnect();
    setTimeout(() => document.querySelector(".xterm-helper-textarea")?.focus(), 300);
  });
  looking.observe(document.body, { attributes: true, attributeFilter: ["class"] });
});
