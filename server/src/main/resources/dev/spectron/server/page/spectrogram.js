// Draws what an analyser hears, newest at the right, low tones at the bottom, on a mel scale.
const LOWEST = 60;
const HIGHEST = 8000;
const FLOOR = -95;
const CEILING = -25;
const PIXELS_PER_SECOND = 120;
const STOPS = [[10, 7, 17], [58, 28, 110], [150, 40, 118], [228, 90, 70], [255, 177, 74], [255, 247, 214]];

const mel = (hertz) => 2595 * Math.log10(1 + hertz / 700);
const hertz = (value) => 700 * (10 ** (value / 2595) - 1);

function colour(level) {
  const at = Math.max(0, Math.min(1, (level - FLOOR) / (CEILING - FLOOR))) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(at));
  return STOPS[below].map((part, i) => part + (at - below) * (STOPS[below + 1][i] - part));
}

export class Spectrogram {
  #canvas;
  #context;
  #drawing = 0;
  #drawn = 0;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { willReadFrequently: true });
  }

  clear() {
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  follow(analyser) {
    this.pause();
    const levels = new Float32Array(analyser.frequencyBinCount);
    const { height } = this.#canvas;
    const bins = Array.from({ length: height }, (_, row) => {
      const value = mel(LOWEST) + ((height - 1 - row) / (height - 1)) * (mel(HIGHEST) - mel(LOWEST));
      return Math.round((hertz(value) * analyser.fftSize) / analyser.context.sampleRate);
    });
    this.#drawn = analyser.context.currentTime;
    const draw = () => {
      const now = analyser.context.currentTime;
      const columns = Math.min(this.#canvas.width, Math.floor((now - this.#drawn) * PIXELS_PER_SECOND));
      if (columns > 0) {
        this.#drawn += columns / PIXELS_PER_SECOND;
        analyser.getFloatFrequencyData(levels);
        this.#column(bins.map((bin) => colour(levels[bin])), columns);
      }
      this.#drawing = requestAnimationFrame(draw);
    };
    draw();
  }

  pause() {
    cancelAnimationFrame(this.#drawing);
  }

  #column(colours, columns) {
    const { width, height } = this.#canvas;
    this.#context.drawImage(this.#canvas, -columns, 0);
    const image = this.#context.createImageData(columns, height);
    colours.forEach((parts, row) => {
      for (let x = 0; x < columns; x++) {
        image.data.set([...parts, 255], 4 * (row * columns + x));
      }
    });
    this.#context.putImageData(image, width - columns, 0);
  }
}
