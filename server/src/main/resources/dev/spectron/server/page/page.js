import { Player } from './player.js';
import { RATE, Realtime } from './realtime.js';
import { Spectrogram } from './spectrogram.js';

const SHORT_PRESS = 300; // milliseconds
const LEAST = 0.2; // seconds of a question

const element = (id) => document.getElementById(id);
const talk = element('talk');
const stop = element('stop');
const file = element('file');
const question = new Spectrogram(element('question-spectrogram'));
const answer = new Spectrogram(element('answer-spectrogram'));

let token = '';
let audio; // context, player, microphone; made at the first press, as browsers demand
let session;
let recording = false;
let seconds = 0;
let pressed = 0;
let latched = false;
let sounding = false; // some of the answer has come as sound
let answered = true;

function say(status) {
  element('status').textContent = status;
  document.body.dataset.status = status.replace(/[^a-z].*/i, '').toLowerCase();
}

async function connected() {
  if (!session?.isOpen) {
    session = await Realtime.connect(token, listener);
  }
  return session;
}

async function opened() {
  if (!audio) {
    const context = new AudioContext({ sampleRate: RATE });
    await context.audioWorklet.addModule(new URL('microphone-worklet.js', import.meta.url));
    audio = { context, player: new Player(context, finish) };
  }
  await audio.context.resume();
  return audio;
}

async function microphone() {
  const { context } = await opened();
  if (!navigator.mediaDevices) {
    throw new Error('browsers give the microphone to pages from https or localhost alone');
  }
  if (!audio.microphone) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
    const analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0 });
    const worklet = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 0 });
    source.connect(analyser);
    source.connect(worklet);
    worklet.port.onmessage = ({ data }) => recording && hear(data);
    audio.microphone = { analyser, stream };
  }
  return audio.microphone;
}

// The light of the microphone is on while it is needed, and no longer.
function releaseMicrophone() {
  audio?.microphone?.stream.getTracks().forEach((track) => track.stop());
  if (audio) {
    audio.microphone = undefined;
  }
}

function hear(samples) {
  seconds += samples.length / RATE;
  document.body.dataset.seconds = seconds.toFixed(1);
  session.append(samples);
}

const listener = {
  transcript(words) {
    element('transcript').textContent += words;
  },
  text(words) {
    element('answer').textContent += words;
  },
  sound(samples) {
    if (!sounding) {
      sounding = true;
      audio.player.begin();
      answer.clear();
      answer.follow(audio.player.analyser);
      say('Speaking');
    }
    audio.player.add(samples, RATE);
  },
  done() {
    answered = true;
    finish();
  },
  failed(message) {
    answered = true;
    say(`Failed: ${message}`);
    finish();
  },
  closed() {
    answered = true;
    if (recording) {
      end(false);
    }
    finish();
  },
};

// The answer was made and heard.
function finish() {
  if (!answered || audio?.player.isPlaying || recording) {
    return;
  }
  answer.pause();
  stop.disabled = true;
  if (['thinking', 'speaking'].includes(document.body.dataset.status)) {
    say('Ready');
  }
}

function interrupt() {
  if (audio?.player.isPlaying || !answered) {
    audio?.player.stop();
    session?.interrupt(sounding ? audio.player.played : 0);
    answered = true;
  }
  finish();
}

function keepTurn() {
  const [asked, said] = [element('transcript').textContent, element('answer').textContent];
  if (asked || said) {
    const turn = document.createElement('li');
    const quote = document.createElement('q');
    quote.textContent = asked;
    turn.append(quote, ` ${said}`);
    element('turns').append(turn);
    element('earlier').hidden = false;
  }
  element('transcript').textContent = element('answer').textContent = '';
}

async function begin() {
  if (recording) {
    return;
  }
  recording = true;
  talk.setAttribute('aria-pressed', 'true');
  try {
    interrupt();
    await connected();
    const { analyser } = await microphone();
    if (!recording) {
      releaseMicrophone();
      return; // let go before the browser had asked for permission
    }
    keepTurn();
    seconds = 0;
    question.clear();
    question.follow(analyser);
    talk.textContent = 'Listening';
    say('Listening');
  } catch (error) {
    end(false);
    say(`Failed: ${error.message}`);
  }
}

function end(asks = true) {
  if (!recording) {
    return;
  }
  recording = latched = false;
  talk.setAttribute('aria-pressed', 'false');
  talk.textContent = 'Hold to talk';
  question.pause();
  releaseMicrophone();
  if (asks && seconds >= LEAST) {
    ask();
  } else {
    session?.forget();
    say('Ready');
  }
  seconds = 0;
}

function ask() {
  answered = sounding = false;
  stop.disabled = false;
  say('Thinking');
  session.ask();
}

function press() {
  if (latched) {
    end();
  } else {
    pressed = performance.now();
    begin();
  }
}

function release() {
  if (recording && !latched) {
    latched = performance.now() - pressed < SHORT_PRESS;
    if (!latched) {
      end();
    }
  }
}

async function askFile() {
  const [chosen] = file.files;
  file.value = '';
  if (!chosen || recording) {
    return;
  }
  try {
    interrupt();
    const { context } = await opened();
    await connected();
    const sound = await context.decodeAudioData(await chosen.arrayBuffer());
    keepTurn();
    const samples = sound.getChannelData(0);
    for (let at = 0; at < samples.length; at += RATE) {
      session.append(samples.slice(at, at + RATE));
    }
    ask();
  } catch (error) {
    say(`Failed: ${error.message}`);
  }
}

async function greet() {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch('v1/models', { headers });
  element('token-form').hidden = response.status !== 401;
  if (response.ok) {
    element('model').textContent = `A spoken question in, a spoken answer out, by ${(await response.json()).data[0].id}.`;
  }
}

talk.addEventListener('pointerdown', (event) => {
  if (event.button === 0) {
    talk.setPointerCapture(event.pointerId);
    press();
  }
});
talk.addEventListener('pointerup', release);
talk.addEventListener('pointercancel', release);
talk.addEventListener('keydown', (event) => {
  if ([' ', 'Enter'].includes(event.key)) {
    event.preventDefault();
    if (!event.repeat) {
      press();
    }
  }
});
talk.addEventListener('keyup', (event) => [' ', 'Enter'].includes(event.key) && release());
talk.addEventListener('contextmenu', (event) => event.preventDefault());
stop.addEventListener('click', interrupt);
document.addEventListener('keydown', (event) => event.key === 'Escape' && interrupt());
file.addEventListener('change', askFile);
element('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  token = element('token').value;
  greet();
});

say('Ready');
greet().catch(() => say('Failed: the server cannot be reached'));
