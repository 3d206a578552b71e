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
  onCaughtError: (reason) => report(reason, 'the page'),
  onUncaughtError: (reason) => report(reason, 'the page'),
}).render(<App />);
