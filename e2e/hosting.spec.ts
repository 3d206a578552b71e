import { countingProxy } from './support/counting-proxy.ts';
import { serveFolder } from './support/static-server.ts';
import { expect, test } from './support/studio.ts';

/** The same build at a root, under a sub-path, as a plain folder, and from another machine over plain http. */

test('comes compressed, typed, cached and with its policies', async ({ request }) => {
  const page = await request.get('./', { headers: { 'accept-encoding': 'br' } });
  expect(page.headers()['cache-control']).toContain('no-cache');
  expect(page.headers()['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(page.headers()['content-security-policy']).not.toContain("'unsafe-eval'");
  expect(page.headers()['cross-origin-opener-policy']).toBe('same-origin');
  expect(page.headers()['cross-origin-embedder-policy']).toBe('require-corp');
  const script = (await page.text()).match(/src="(\.\/assets\/[^"]+\.js)"/)?.[1];
  expect(script).toBeTruthy();
  const asset = await request.get(script as string, { headers: { 'accept-encoding': 'br' } });
  expect(asset.headers()['content-encoding']).toBe('br');
  expect(asset.headers()['cache-control']).toContain('immutable');
});

test('lets one script make code: the worker that compiles Verilog', async ({ studio, page }) => {
  const policies = new Map<string, string>();
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (path.endsWith('.js')) policies.set(path, response.headers()['content-security-policy'] ?? '');
  });
  await studio.openLab('#/e/counter');
  await page.getByRole('tab', { name: 'Simulation', exact: true }).click();
  await expect(page.locator('.sim-verdict')).toContainText('passed');
  await expect(page.getByText('compiled to JavaScript')).toBeVisible();
  expect(policies.size).toBeGreaterThan(5);
  for (const [path, policy] of policies) {
    expect(policy, path).toContain("'wasm-unsafe-eval'");
    expect(policy.includes(" 'unsafe-eval'"), path).toBe(path.startsWith('/assets/verilog.worker-'));
  }
});

test('serves WASM as such, and sends no asset twice', async ({ studio, page, baseURL }) => {
  const proxy = await countingProxy(baseURL as string);
  try {
    await studio.openLab(`http://localhost:${proxy.port}/#/rtl`);
    await studio.synthesised();
    const first = proxy.take();
    const core = [...first.keys()].find((path) => /yosys\.core-[^/]*\.wasm$/.test(path));
    expect(core).toBeTruthy();
    expect((await page.request.head(`http://localhost:${proxy.port}${core}`)).headers()['content-type']).toBe(
      'application/wasm',
    );
    // Compressed: the core alone has 31 MB.
    expect(first.get(core as string)).toBeLessThan(9_000_000);
    proxy.take();
    await page.reload();
    await studio.editorReady();
    await page.keyboard.press('ControlOrMeta+Enter');
    await studio.synthesised();
    const second = [...proxy.take()].filter(([path, bytes]) => path.includes('/assets/') && bytes > 0);
    expect(second).toEqual([]);
  } finally {
    await proxy.close();
  }
});

test('works as a plain folder under a sub-path, without headers', async ({ studio, page }) => {
  const server = await serveFolder('/course/chips/');
  try {
    await studio.openLab(`http://localhost:${server.port}/course/chips/#/rtl`);
    await studio.synthesised();
    expect(await studio.figure('cells')).toBeGreaterThan(0);
    expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(false);
    await expect(page.getByText('not isolated')).toBeVisible();
    expect(server.missing.filter((path) => !path.endsWith('favicon.ico'))).toEqual([]);
  } finally {
    await server.close();
  }
});

test.describe('over plain http', () => {
  // The browser says that it ignores the isolation headers there; that is the point.
  test.use({ expectedErrors: [/Cross-Origin-Opener-Policy header has been ignored/] });

  test('works from another host name', async ({ studio, page, baseURL }) => {
    const port = new URL(baseURL as string).port;
    await studio.openLab(`http://studio.test:${port}/#/rtl`);
    expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
    await studio.synthesised();
    const cells = await studio.figure('cells');
    expect(cells).toBeGreaterThan(0);
    await expect(page.getByText('Saved in this browser')).toBeVisible();
    // The link is made without Web Crypto, and shown selected where the page may not copy.
    const link = await studio.shareLink();
    await studio.openLab(link);
    await studio.synthesised();
    expect(await studio.figure('cells')).toBe(cells);
  });
});
