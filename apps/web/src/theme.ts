import { byId } from './dom.js';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const KEPT_AS = 'assay.theme';

/** Follows the system unless a person chose otherwise; the choice is kept in this browser. */
export function startTheme(): void {
  const button = byId('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let theme = THEMES.find((each) => each === localStorage.getItem(KEPT_AS)) ?? 'system';
  const show = () => {
    document.documentElement.dataset['theme'] =
      theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme;
    localStorage.setItem(KEPT_AS, theme);
    show();
  });
  dark.addEventListener('change', show);
  show();
}
