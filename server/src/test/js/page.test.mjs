// The page in headless Chromium, whose microphone hears a file.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const { SPECTRON_ADDRESS: address, QUESTION: question } = process.env;
const expected = { transcript: process.env.EXPECTED_TRANSCRIPT, text: process.env.EXPECTED_TEXT };
const questionSeconds = Number(process.env.QUESTION_SECONDS);
const answerSeconds = Number(process.env.ANSWER_SECONDS);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: false,
    args: [
      '--autoplay-policy=user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${question}%noloop`,
    ],
  });
});

after(() => browser?.close());

async function open(colorScheme) {
  const context = await browser.newContext({ colorScheme, viewport: { width: 800, height: 820 } });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(address);
  return { page, complaints };
}

const status = (page, ...wanted) =>
  page.waitForFunction((all) => all.includes(document.body.dataset.status), wanted, { timeout: 60000 });

// How much of a canvas, in columns, has been drawn with something louder than silence.
const drawn = (page, id) =>
  page.evaluate((name) => {
    const canvas = document.getElementById(name);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const columns = new Set();
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] > 60) {
        columns.add((at / 4) % canvas.width);
      }
    }
    return columns.size;
  }, id);

async function speak(page) {
  await page.waitForFunction(
    (seconds) => Number(document.body.dataset.seconds) >= seconds,
    questionSeconds + 0.5,
    { timeout: 60000 },
  );
}

async function check(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
}

test('a question is spoken, shown, answered and heard', async () => {
  const { page, complaints } = await open('light');
  assert.ok(await page.isHidden('#token-form'), 'a server without a token asks for none');
  await check(page);
  await page.hover('#talk');
  await page.mouse.down();
  await status(page, 'listening');
  assert.equal(await page.getAttribute('#talk', 'aria-pressed'), 'true');
  await speak(page);
  assert.ok((await drawn(page, 'question-spectrogram')) > 60, 'the question is drawn while it is spoken');
  await page.mouse.up();
  await status(page, 'speaking');
  const began = await page.evaluate(() => performance.now());
  await status(page, 'ready');
  const heard = ((await page.evaluate(() => performance.now())) - began) / 1000;
  assert.equal(await page.textContent('#transcript'), expected.transcript);
  assert.equal(await page.textContent('#answer'), expected.text);
  assert.ok((await drawn(page, 'answer-spectrogram')) > 30, 'the answer is drawn while it is played');
  assert.ok(heard > 0.8 * answerSeconds, `the answer of ${answerSeconds} s played ${heard} s`);
  await check(page);
  await page.screenshot({ path: 'page-light.png' });
  assert.deepEqual(complaints, []);
});

test('keys do what the pointer does, in the dark, and an answer can be stopped', async () => {
  const { page, complaints } = await open('dark');
  await page.focus('#talk');
  await page.keyboard.press('Space'); // short: starts, and the next one ends
  await status(page, 'listening');
  await speak(page);
  await page.keyboard.press('Space');
  await status(page, 'speaking');
  await page.keyboard.press('Escape');
  await status(page, 'ready');
  await page.setInputFiles('#file', question);
  await status(page, 'speaking');
  await status(page, 'ready');
  assert.equal(await page.textContent('#answer'), expected.text);
  assert.equal(await page.locator('#turns li').count(), 1);
  await check(page);
  await page.screenshot({ path: 'page-dark.png' });
  assert.deepEqual(complaints, []);
});
