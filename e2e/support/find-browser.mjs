// Finds a Chromium that really starts, and writes its path to build/browser.json for the end-to-end tests.
// The ladder: a path given by the user, one installed in the usual places, Playwright's own, Debian's package when this
// is a CI machine that may install it, the headless build that comes with the packages, Debian's package elsewhere.
// Every rung is tried by launching it: a file that exists but does not start is no browser.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Flags that every launch needs: no sandbox as root, and no calls to services of the browser's vendor. */
export const launchFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {string[]} */
function installed() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':').filter(Boolean);
  const onPath = folders.flatMap((folder) =>
    names.map((name) => join(folder, process.platform === 'win32' ? `${name}.exe` : name)),
  );
  const fixed = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .map((name) => process.env[name])
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google/Chrome/Application/chrome.exe'),
        join(folder, 'Microsoft/Edge/Application/msedge.exe'),
      ]),
  ];
  return [...onPath, ...fixed].filter((path) => existsSync(path));
}

/** Playwright's own download, of whatever version: newest first. */
function fromPlaywright() {
  const own = chromium.executablePath();
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), '.cache/ms-playwright'),
    join(homedir(), 'Library/Caches/ms-playwright'),
    process.env.LOCALAPPDATA && join(process.env.LOCALAPPDATA, 'ms-playwright'),
  ].filter((folder) => folder && existsSync(folder));
  const inner = [
    'chrome-linux64/chrome',
    'chrome-linux/chrome',
    'chrome-win64/chrome.exe',
    'chrome-win/chrome.exe',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  ];
  const found = caches.flatMap((cache) =>
    readdirSync(cache)
      .filter((name) => /^chromium-\d+$/.test(name))
      .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
      .flatMap((name) => inner.map((file) => join(cache, name, file))),
  );
  return [own, ...found].filter((path) => path && existsSync(path));
}

/** The headless Chromium shipped as a package (Linux on x64 only), with the system libraries it brings along. */
async function packaged() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  // Set before the import: only then are its libraries unpacked too, and only into a folder without an older unpacking.
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x';
  const folder = join(root, 'build/chromium');
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder;
  const { default: build } = await import('@sparticuz/chromium');
  const path = await build.executablePath();
  return { path, env: { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH, FONTCONFIG_PATH: process.env.FONTCONFIG_PATH } };
}

function debianPackage() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: environment });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
      env: environment,
    });
  } catch {
    return undefined;
  }
  return existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined;
}

/** @returns {Promise<string | undefined>} the version of a browser that starts and renders, or nothing */
async function versionOf(executablePath, env = {}) {
  let browser;
  try {
    browser = await chromium.launch({
      executablePath,
      args: launchFlags,
      env: { ...process.env, ...env },
      timeout: 60_000,
    });
    const page = await browser.newPage();
    await page.goto('about:blank');
    if ((await page.evaluate(() => 6 * 7)) !== 42) return undefined;
    return browser.version();
  } catch {
    return undefined;
  } finally {
    await browser?.close();
  }
}

async function* ladder() {
  if (process.env.CROSSBAR_BROWSER) yield { from: 'CROSSBAR_BROWSER', path: process.env.CROSSBAR_BROWSER };
  for (const path of installed()) yield { from: 'installed', path };
  for (const path of fromPlaywright()) yield { from: "Playwright's cache", path };
  if (process.env.CI) {
    const path = debianPackage();
    if (path) yield { from: "Debian's package", path };
  }
  const own = await packaged().catch(() => undefined);
  if (own) yield { from: 'the package @sparticuz/chromium', ...own };
  const path = debianPackage();
  if (path) yield { from: "Debian's package", path };
}

async function main() {
  for await (const rung of ladder()) {
    const version = await versionOf(rung.path, rung.env);
    if (version === undefined) {
      console.error(`${rung.path} (${rung.from}) does not start; trying the next.`);
      continue;
    }
    mkdirSync(join(root, 'build'), { recursive: true });
    writeFileSync(
      join(root, 'build/browser.json'),
      JSON.stringify({ executablePath: rung.path, env: rung.env ?? {}, version }, null, 2),
    );
    console.log(`Browser tests use Chromium ${version} from ${rung.from}: ${rung.path}`);
    return;
  }
  console.error(
    'No Chromium could be started for the browser tests: install Chrome or Chromium, or set CROSSBAR_BROWSER to its path.',
  );
  process.exitCode = 1;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
