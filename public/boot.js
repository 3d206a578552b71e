// Before the first paint: the theme, and whether the address names something other than the start page.
(() => {
  let choice;
  try {
    choice = JSON.parse(localStorage.getItem('crossbar.theme'));
  } catch {
    choice = undefined;
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const root = document.documentElement;
  root.dataset.theme = dark ? 'dark' : 'light';
  root.dataset.at = /^#?\/?$/.test(location.hash) ? 'home' : 'inside';
})();
