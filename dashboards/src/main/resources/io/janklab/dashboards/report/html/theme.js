// Light or dark: as the system says, until the button says otherwise. Paper is always light.
export function offerTheme(button) {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

  function show() {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} colours`);
    document.dispatchEvent(new Event("themechange"));
  }

  function paint(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    show();
  }

  button.hidden = false;
  button.addEventListener("click", () => paint(isDark() ? "light" : "dark"));
  system.addEventListener("change", show);
  let beforePaper;
  addEventListener("beforeprint", () => {
    beforePaper = root.dataset.theme;
    paint("light");
  });
  addEventListener("afterprint", () => paint(beforePaper));
  show();
}
