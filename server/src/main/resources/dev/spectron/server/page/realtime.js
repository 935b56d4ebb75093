// Our realtime protocol, as far as this page speaks it.
export const RATE = 24000;

const PIECE = 8192;

function toBase64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(text);
}

function encode(samples) {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, i) => {
    view.setInt16(2 * i, Math.max(-32768, Math.min(32767, Math.round(sample * 32768))), true);
  });
  return toBase64(bytes);
}

function decode(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => view.getInt16(2 * i, true) / 32768);
}

// Tells its listener what comes: transcript(words), text(words), sound(samples), done(),
// failed(message), closed(). Of an answer that was interrupted nothing more is told.
export class Realtime {
  #socket;
  #listener;
  #response = ''; // under way, once it has begun
  #item = ''; // of the latest answer
  #interrupted = new Set();

  static async connect(token, listener) {
    const protocols = token ? ['realtime', `openai-insecure-api-key.${token}`] : ['realtime'];
    const socket = new WebSocket(new URL('v1/realtime', document.baseURI.replace(/^http/, 'ws')), protocols);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onclose = () => reject(new Error('The server cannot be reached, is full, or wants another token'));
    });
    return new Realtime(socket, listener);
  }

  constructor(socket, listener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.onmessage = (message) => this.#hear(JSON.parse(message.data));
    socket.onclose = () => listener.closed();
    const format = { type: 'audio/pcm', rate: RATE };
    const input = { format, turn_detection: null, transcription: { model: 'any' } };
    this.#send('session.update', { session: { type: 'realtime', audio: { input, output: { format } } } });
  }

  get isOpen() {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  append(samples) {
    this.#send('input_audio_buffer.append', { audio: encode(samples) });
  }

  forget() {
    this.#send('input_audio_buffer.clear', {});
  }

  ask() {
    this.#send('input_audio_buffer.commit', {});
    this.#send('response.create', {});
  }

  // What was not played was not said: the server forgets it.
  interrupt(milliseconds) {
    if (this.#response) {
      this.#send('response.cancel', { response_id: this.#response });
    }
    if (this.#item) {
      this.#interrupted.add(this.#item);
      const audio_end_ms = Math.max(0, Math.floor(milliseconds));
      this.#send('conversation.item.truncate', { item_id: this.#item, content_index: 0, audio_end_ms });
    }
    this.#response = this.#item = '';
  }

  #send(type, fields) {
    if (this.isOpen) {
      this.#socket.send(JSON.stringify({ type, ...fields }));
    }
  }

  #done({ id, status, status_details: details }) {
    if (id === this.#response) {
      this.#response = '';
    }
    if (status === 'failed') {
      this.#listener.failed(details.error.message);
    } else if (status !== 'cancelled') {
      this.#listener.done();
    }
  }

  #hear(event) {
    switch (event.type) {
      case 'conversation.item.input_audio_transcription.delta':
        return this.#listener.transcript(event.delta);
      case 'response.output_item.added':
        this.#response = event.response_id;
        this.#item = event.item.id;
        return;
      case 'response.output_audio_transcript.delta':
        return this.#interrupted.has(event.item_id) || this.#listener.text(event.delta);
      case 'response.output_audio.delta':
        return this.#interrupted.has(event.item_id) || this.#listener.sound(decode(event.delta));
      case 'response.done':
        return this.#done(event.response);
      case 'error':
        // A cancellation that came too late is none.
        if (event.error.code !== 'response_cancel_not_active') {
          this.#listener.failed(event.error.message);
        }
    }
  }
}
