import { createRoot } from 'react-dom/client';
import './shell/fonts.css';
import './shell/tokens.css';
import './ui/ui.css';
import './shell/shell.css';
import { provideSlices, startDesign } from './design/index.ts';
import { App } from './shell/App.tsx';
import { loadLab } from './shell/labs.ts';
import { report, startReporter } from './shell/reporter.ts';
import { startTheme } from './shell/theme.ts';

startReporter();
startTheme();
provideSlices(async (id) => (await loadLab(id))?.slice);
startDesign();

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element "root".');
createRoot(root, {
  // The boundary that caught it says so in the place of what failed.
  onCaughtError: () => {},
  onUncaughtError: (reason) => report(reason, 'the page'),
}).render(<App />);
