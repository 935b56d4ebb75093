// Plays pieces of sound one after the other, without a gap between them.
const AHEAD = 0.1; // seconds kept ready, at first
const AHEAD_LATE = 0.4; // and once the server was late

export class Player {
  #context;
  #analyser;
  #playing = [];
  #next = 0;
  #start = 0;
  #ended;

  constructor(context, ended) {
    this.#context = context;
    this.#ended = ended;
    this.#analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0 });
    this.#analyser.connect(context.destination);
  }

  get analyser() {
    return this.#analyser;
  }

  get isPlaying() {
    return this.#playing.length > 0;
  }

  // Milliseconds of the answer that were heard.
  get played() {
    return 1000 * Math.max(0, Math.min(this.#context.currentTime, this.#next) - this.#start);
  }

  begin() {
    this.#start = this.#next = this.#context.currentTime + AHEAD;
  }

  add(samples, rate) {
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: rate });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#analyser);
    if (this.#next < this.#context.currentTime) {
      // The server was late: what was heard so far stays heard.
      const next = this.#context.currentTime + AHEAD_LATE;
      this.#start += next - this.#next;
      this.#next = next;
    }
    source.start(this.#next);
    this.#next += buffer.duration;
    this.#playing.push(source);
    source.onended = () => {
      this.#playing = this.#playing.filter((other) => other !== source);
      if (!this.isPlaying) {
        this.#ended();
      }
    };
  }

  stop() {
    for (const source of this.#playing) {
      source.onended = null;
      source.stop();
    }
    this.#playing = [];
    this.#next = Math.min(this.#next, this.#context.currentTime);
  }
}
