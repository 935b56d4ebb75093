// The clients as they are published, with no change but address and key.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession } from '@openai/agents-realtime';
import OpenAI, { toFile } from 'openai';

const address = process.env.SPECTRON_ADDRESS;
const apiKey = process.env.SPECTRON_TOKEN;
const expected = { transcript: process.env.EXPECTED_TRANSCRIPT, text: process.env.EXPECTED_TEXT };
const realtime = `${address.replace('http', 'ws')}/v1/realtime?model=any`;

const wav = () => readFile('question.wav');
const pcm = async () => Uint8Array.from(await readFile('question.pcm')).buffer;

const happened = (emitter, name) => new Promise((resolve) => emitter.once(name, resolve));

test('openai transcribes a recording', async () => {
  const client = new OpenAI({ baseURL: `${address}/v1`, apiKey });
  const file = await toFile(await wav(), 'question.wav', { type: 'audio/wav' });
  const json = await client.audio.transcriptions.create({ file, model: 'any' });
  assert.equal(json.text, expected.transcript);
  const text = await client.audio.transcriptions.create({
    file: await toFile(await wav(), 'question.wav'),
    model: 'any',
    response_format: 'text',
  });
  assert.equal(text, `${expected.transcript}\n`);
});

test('openai lists the model and meets errors as it knows them', async () => {
  const client = new OpenAI({ baseURL: `${address}/v1`, apiKey, maxRetries: 0 });
  const models = await client.models.list();
  assert.equal(models.data[0].owned_by, 'spectron');
  const rubbish = await toFile(Buffer.from('rubbish'), 'question.wav');
  await assert.rejects(
    client.audio.transcriptions.create({ file: rubbish, model: 'any' }),
    (error) => error instanceof OpenAI.BadRequestError && error.code === 'audio.format',
  );
  const stranger = new OpenAI({ baseURL: `${address}/v1`, apiKey: 'another-key', maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
});

test('the realtime transport ends the turn itself', async () => {
  const transport = new OpenAIRealtimeWebSocket({ url: realtime });
  const errors = [];
  const sound = [];
  let words = '';
  transport.on('error', (error) => errors.push(error));
  transport.on('audio', (event) => sound.push(event.data.byteLength));
  transport.on('audio_transcript_delta', (event) => (words += event.delta));
  await transport.connect({
    apiKey,
    model: 'any',
    initialSessionConfig: { audio: { input: { turnDetection: null } } },
  });
  const done = happened(transport, 'turn_done');
  transport.sendAudio(await pcm(), { commit: true });
  transport.requestResponse();
  await done;
  transport.close();
  assert.deepEqual(errors, []);
  assert.equal(words, expected.text);
  assert.ok(sound.reduce((all, bytes) => all + bytes, 0) > 0);
});

test('a realtime session lets the server end the turn', async () => {
  const transport = new OpenAIRealtimeWebSocket({ url: realtime });
  const session = new RealtimeSession(new RealtimeAgent({ name: 'Asker', instructions: '' }), {
    transport,
    model: 'any',
    tracingDisabled: true,
  });
  const errors = [];
  let words = '';
  session.on('error', (error) => errors.push(error));
  transport.on('audio_transcript_delta', (event) => (words += event.delta));
  await session.connect({ apiKey });
  const done = happened(transport, 'turn_done');
  // A tone that was there from the start is noise to whoever listens for speech.
  session.sendAudio(new ArrayBuffer(24_000 * 2));
  session.sendAudio(await pcm());
  session.sendAudio(new ArrayBuffer(2 * 24_000 * 2));
  const turn = await done;
  const said = turn.response.output[0].content[0].transcript;
  session.close();
  assert.deepEqual(errors, []);
  assert.equal(words, said);
});
