// Hands on what the microphone gives, mixed to one channel, a fiftieth of a second at a time.
class Microphone extends AudioWorkletProcessor {
  #piece = new Float32Array(sampleRate / 50);
  #filled = 0;

  process([channels]) {
    const length = channels.length ? channels[0].length : 0;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (const channel of channels) {
        sum += channel[i];
      }
      this.#piece[this.#filled++] = sum / channels.length;
      if (this.#filled === this.#piece.length) {
        this.port.postMessage(this.#piece.slice());
        this.#filled = 0;
      }
    }
    return true;
  }
}

registerProcessor('microphone', Microphone);
