// Before the first paint: the theme this person chose, else the one of the system.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem('theme'); } catch { /* storage is off: the system decides */ }
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
