/* global document, localStorage, matchMedia, navigator */
// Sets theme and language before the first paint, so that a night shift is never flashed with white.
(function () {
  var stored = function (key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  var theme = stored("unbroken.theme");
  var dark =
    theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  var language = stored("unbroken.language") || navigator.language || "en";
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.lang = language.slice(0, 2) === "zh" ? "zh-CN" : "en";
})();
