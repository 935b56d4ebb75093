#!/usr/bin/env python3
"""Writes the golden fixtures of whole stages: inputs, weights, expected outputs.

The models are written from the papers' equations on PyTorch in float64; no code of this repository
runs here. Every row of a batch is computed alone, so that nothing here knows of padding; the
fixture's padding holds large numbers that must not matter. Run by hand, from any folder:

    python3 conformance/src/test/python/stage_fixtures.py

Needs PyTorch 1.13 or newer (Debian: python3-torch). The same version writes the same bytes.
"""
import json
import math
import pathlib
import struct

import torch
import torch.nn.functional as F

ROOT = pathlib.Path(__file__).resolve().parents[4]
LIMIT = 200 * 1024
PADDING = 1e3


class Weights:
    """Random weights by path, exact in float32, handed out in float64."""

    def __init__(self, seed):
        self.stored = {}
        self.random = torch.Generator().manual_seed(seed)

    def noise(self, *shape):
        return torch.randn(shape, generator=self.random).double()

    def uniform(self, *shape):
        return torch.rand(shape, generator=self.random).double()

    def make(self, path, values):
        self.stored[path] = values.float()
        return self.stored[path].double()

    def matrix(self, path, *shape):
        return self.make(path, self.noise(*shape) / math.sqrt(math.prod(shape[1:])))

    def bias(self, path, *shape):
        return self.make(path, 0.3 * self.noise(*shape))

    def gain(self, path, channels, offset=0):
        return self.make(path, 1 - offset + 0.3 * self.noise(channels))

    def linear(self, path, inputs, outputs, biased=True):
        weight = self.matrix(path + ".weight", outputs, inputs)
        bias = self.bias(path + ".bias", outputs) if biased else None
        return lambda x: F.linear(x, weight, bias)

    def layer_norm(self, path, channels, epsilon=1e-5):
        gain = self.gain(path + ".weight", channels)
        bias = self.bias(path + ".bias", channels)
        return lambda x: F.layer_norm(x, (channels,), gain, bias, epsilon)


def write(module, name, seed, config, weights, tensors, expected):
    """One safetensors file: weights and inputs in float32, expected values in float64."""
    entries = {"expected." + key: value.double() for key, value in expected.items()}
    entries |= {key: torch.as_tensor(value).float() for key, value in tensors.items()}
    entries |= {"weights." + key: value for key, value in weights.stored.items()}
    header = {
        "__metadata__": {
            "generator": "conformance/src/test/python/stage_fixtures.py",
            "library": f"torch {torch.__version__}, float64",
            "seed": str(seed),
            "config": json.dumps(config),
        }
    }
    data = b""
    for key, value in entries.items():
        dtype = {torch.float32: "F32", torch.float64: "F64"}[value.dtype]
        values = value.contiguous().numpy().astype("<f4" if dtype == "F32" else "<f8").tobytes()
        offsets = [len(data), len(data) + len(values)]
        header[key] = {"dtype": dtype, "shape": list(value.shape), "data_offsets": offsets}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    content = struct.pack("<Q", len(text)) + text + data
    if len(content) > LIMIT:
        raise SystemExit(f"{name}: {len(content)} bytes, at most {LIMIT} are allowed")
    path = ROOT / module / "src/test/resources/golden" / (name + ".safetensors")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"{path.relative_to(ROOT)}: {len(content)} bytes")


def padded(rows):
    """[batch, longest, channels], the padding filled with large numbers."""
    longest = max(len(row) for row in rows)
    batch = torch.full((len(rows), longest, *rows[0].shape[1:]), PADDING).double()
    for index, row in enumerate(rows):
        batch[index, : len(row)] = row
    return batch


def attend(query, key, value, bias):
    """softmax(q·kᵀ / √head_dim + bias)·v by the library; all operands [heads, time, ...]."""
    heads, time, head_dim = query.shape
    channels = heads * head_dim
    identity = torch.eye(channels).double()
    joined = [x.transpose(0, 1).reshape(time, 1, channels) for x in (query, key, value)]
    attended, _ = F.multi_head_attention_forward(
        *joined, channels, heads, None, None, None, None, False, 0.0, identity, None,
        training=False, need_weights=False, attn_mask=bias,
        use_separate_proj_weight=True, q_proj_weight=identity, k_proj_weight=identity,
        v_proj_weight=identity)
    return attended.reshape(time, channels)


def split(x, heads):
    """[time, heads·head_dim] to [heads, time, head_dim]."""
    return x.reshape(len(x), heads, -1).transpose(0, 1)


def rotate(x, frequencies):
    """Su et al. 2021, equation 13: a pair (c, c + dims / 2) is a complex number times e^(i·angle)."""
    half = len(frequencies)
    angle = torch.outer(torch.arange(x.shape[1]).double(), frequencies)
    pairs = torch.complex(x[..., :half], x[..., half : 2 * half])
    turned = pairs * torch.polar(torch.ones_like(angle), angle)
    return torch.cat([turned.real, turned.imag, x[..., 2 * half :]], dim=-1)


def masked(allowed, heads):
    """0 where a query may see a key, else minus infinity, for every head."""
    bias = torch.zeros(allowed.shape).double().masked_fill(~allowed, -math.inf)
    return bias.expand(heads, *allowed.shape)


# Conformer: Gulati et al. 2020, section 2; Transformer-XL positions: Dai et al. 2019, section 3.3.


def conformer(config, w):
    d, mels = config["d_model"], config["n_mels"]
    convolutions = []
    inputs = 1
    for i, outputs in enumerate(config["subsampling_channels"]):
        path = f"subsampling.convolutions.{i}."
        weight = w.matrix(path + "weight", outputs, inputs, 3, 3)
        convolutions.append((weight, w.bias(path + "bias", outputs)))
        inputs, mels = outputs, (mels + 1) // 2
    output = w.linear("subsampling.output", inputs * mels, d)
    blocks = [conformer_block(config, w, f"layers.{i}.") for i in range(config["n_layers"])]

    def encode(log_mel):
        x = log_mel[None, None]
        for weight, bias in convolutions:
            x = F.relu(F.conv2d(x, weight, bias, stride=2, padding=1))
        # [channels, time, bins] to time, then bins, then channels.
        x = output(x[0].permute(1, 2, 0).flatten(1))
        for block in blocks:
            x = block(x)
        return x

    return encode


def conformer_block(config, w, path):
    d = config["d_model"]
    first = conformer_feed_forward(config, w, path + "feed_forward1.")
    attention = conformer_attention(config, w, path + "attention.")
    convolution = conformer_convolution(config, w, path + "convolution.")
    second = conformer_feed_forward(config, w, path + "feed_forward2.")
    norm = w.layer_norm(path + "norm", d)

    def forward(x):
        x = x + 0.5 * first(x)
        x = x + attention(x)
        x = x + convolution(x)
        x = x + 0.5 * second(x)
        return norm(x)

    return forward


def conformer_feed_forward(config, w, path):
    d, hidden = config["d_model"], config["feed_forward_dim"]
    norm = w.layer_norm(path + "norm", d)
    up, down = w.linear(path + "up", d, hidden), w.linear(path + "down", hidden, d)
    return lambda x: down(F.silu(up(norm(x))))


def conformer_attention(config, w, path):
    d, heads = config["d_model"], config["n_heads"]
    head_dim = d // heads
    norm = w.layer_norm(path + "norm", d)
    query, key, value, output = (w.linear(path + n, d, d) for n in ("query", "key", "value", "output"))
    xl = config["position"] == "transformer_xl"
    if xl:
        projection = w.matrix(path + "position.weight", d, d)
        u = w.bias(path + "content_bias", heads, head_dim)[:, None]
        v = w.bias(path + "position_bias", heads, head_dim)[:, None]

    def position_scores(q):
        """(q_i + v)·W_r·R(i − j), R with sines at even and cosines at odd channels."""
        time = q.shape[1]
        distance = torch.arange(time)[:, None] - torch.arange(time)
        omega = 10000 ** (-torch.arange(0, d, 2).double() / d)
        angle = distance[..., None].double() * omega
        r = torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(-2)
        r = F.linear(r, projection).reshape(time, time, heads, head_dim)
        return torch.einsum("hic,ijhc->hij", q + v, r) / math.sqrt(head_dim)

    def forward(x):
        y = norm(x)
        q, k = split(query(y), heads), split(key(y), heads)
        bias = masked(chunk_mask(config["chunk"], len(x)), heads)
        if config["position"] == "rotary":
            frequencies = 10000 ** (-torch.arange(0, head_dim, 2).double() / head_dim)
            q, k = rotate(q, frequencies), rotate(k, frequencies)
        if xl:
            bias = bias + position_scores(q)
            q = q + u
        return output(attend(q, k, split(value(y), heads), bias))

    return forward


def chunk_mask(chunk, time):
    """A query sees its own chunk, the left frames before it and the right frames after it."""
    if chunk["size"] == 0:
        return torch.ones(time, time, dtype=torch.bool)
    first = torch.arange(time)[:, None] // chunk["size"] * chunk["size"]
    key = torch.arange(time)
    return (key >= first - chunk["left"]) & (key < first + chunk["size"] + chunk["right"])


def conformer_convolution(config, w, path):
    d, kernel = config["d_model"], config["kernel_size"]
    norm = w.layer_norm(path + "norm", d)
    expand = w.linear(path + "expand", d, 2 * d)
    weight = w.matrix(path + "depthwise.weight", d, 1, kernel)
    bias = w.bias(path + "depthwise.bias", d)
    inner = w.layer_norm(path + "inner_norm", d)
    if config["convolution_norm"] == "batch_norm":
        gain, shift = (w.stored[path + "inner_norm." + n].double() for n in ("weight", "bias"))
        mean = w.bias(path + "inner_norm.running_mean", d)
        variance = w.make(path + "inner_norm.running_var", 0.5 + w.uniform(d))
        inner = lambda x: F.batch_norm(x, mean, variance, gain, shift, False, 0, 1e-5)
    output = w.linear(path + "output", d, d)

    def forward(x):
        y = F.glu(expand(norm(x)), dim=-1).transpose(0, 1)[None]
        if config["causal_convolution"]:
            y = F.conv1d(F.pad(y, (kernel - 1, 0)), weight, bias, groups=d)
        else:
            y = F.conv1d(y, weight, bias, padding="same", groups=d)
        return output(F.silu(inner(y[0].transpose(0, 1))))

    return forward


def conformer_fixture(name, seed, **switches):
    config = {
        "n_mels": 13, "subsampling_channels": [6, 5], "d_model": 16, "n_layers": 2, "n_heads": 2,
        "feed_forward_dim": 24, "kernel_size": 5, "position": "none", "convolution_norm": "layer_norm",
        "causal_convolution": False, "chunk": {"size": 0, "left": 0, "right": 0}, "dropout": 0.1}
    config |= switches
    w = Weights(seed)
    encode = conformer(config, w)
    rows = [w.noise(time, config["n_mels"]).float().double() for time in (27, 18)]
    tensors = {"log_mel": padded(rows), "lengths": [len(row) for row in rows]}
    expected = {f"states.{i}": encode(row) for i, row in enumerate(rows)}
    write("conformer-encoder", "conformer_" + name, seed, config, w, tensors, expected)


# Decoder: Chowdhery et al. 2022, section 2 (parallel); Touvron et al. 2023, section 2.2 (serial);
# prefix mask: Raffel et al. 2020, section 3.2.1.


def decoder(config, w):
    d = config["d_model"]
    embedding = w.matrix("embedding.weight", config["vocabulary"], d)
    blocks = [decoder_block(config, w, f"layers.{i}.") for i in range(config["n_layers"])]
    norm = decoder_norm(config["norm"], w, "norm.", d)
    head = embedding if config["tied_head"] else w.matrix("head.weight", config["vocabulary"], d)

    def forward(prefix, ids):
        x = torch.cat([prefix, F.embedding(ids, embedding) * config["embedding_scale"]])
        place = torch.arange(len(x))
        allowed = (place <= place[:, None]) | (place < len(prefix))
        for block in blocks:
            x = block(x, masked(allowed, config["n_heads"]))
        x = norm(x)
        return x, F.linear(x, head)

    return forward


def decoder_block(config, w, path):
    d = config["d_model"]
    serial = config["block"] == "serial"
    attention_norm = decoder_norm(config["norm"], w, path + "attention_norm.", d)
    attention = decoder_attention(config, w, path + "attention.")
    if serial:
        feed_forward_norm = decoder_norm(config["norm"], w, path + "feed_forward_norm.", d)
    feed_forward = decoder_feed_forward(config, w, path + "feed_forward.")

    def forward(x, bias):
        y = attention_norm(x)
        if not serial:
            return x + attention(y, bias) + feed_forward(y)
        x = x + attention(y, bias)
        return x + feed_forward(feed_forward_norm(x))

    return forward


def decoder_norm(config, w, path, channels):
    epsilon = config["epsilon"]
    if config["kind"] == "non_parametric":
        return lambda x: F.layer_norm(x, (channels,), None, None, epsilon)
    gain = w.gain(path + "weight", channels, config["gain_offset"])
    if config["kind"] == "rms_norm":
        return lambda x: rms_norm(x, gain + config["gain_offset"], epsilon)
    bias = w.bias(path + "bias", channels) if config["bias"] else None
    return lambda x: F.layer_norm(x, (channels,), gain, bias, epsilon)


def rms_norm(x, gain, epsilon):
    """Zhang and Sennrich 2019, equation 4."""
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + epsilon) * gain


def decoder_attention(config, w, path):
    d, heads, kv_heads, head_dim = (config[n] for n in ("d_model", "n_heads", "n_kv_heads", "head_dim"))
    biased = config["attention_bias"]
    query = w.linear(path + "query", d, heads * head_dim, biased)
    key = w.linear(path + "key", d, kv_heads * head_dim, biased)
    value = w.linear(path + "value", d, kv_heads * head_dim, biased)
    output = w.linear(path + "output", heads * head_dim, d, config["output_bias"])
    epsilon, offset = config["norm"]["epsilon"], config["norm"]["gain_offset"]
    kind = config["query_key_norm"]
    if kind != "none":
        widths = (head_dim, head_dim) if kind == "head" else (heads * head_dim, kv_heads * head_dim)
        names = ("query_norm.weight", "key_norm.weight")
        gains = [w.gain(path + n, c, offset) + offset for n, c in zip(names, widths)]

    def prepare(x, count, gain_index):
        if kind == "all_heads":
            x = rms_norm(x, gains[gain_index], epsilon)
        x = split(x, count)
        if kind == "head":
            x = rms_norm(x, gains[gain_index], epsilon)
        return rotate(x, rotary_frequencies(config["rotary"]))

    def forward(x, bias):
        q = prepare(query(x), heads, 0)
        k = prepare(key(x), kv_heads, 1)
        v = split(value(x), kv_heads)
        k, v = (y.repeat_interleave(heads // kv_heads, dim=0) for y in (k, v))
        return output(attend(q, k, v, bias))

    return forward


def rotary_frequencies(config):
    """theta^(−2i / dims); llama3: long wavelengths stretched, short ones kept, a blend between."""
    frequencies = config["theta"] ** (-torch.arange(0, config["dims"], 2).double() / config["dims"])
    if config["scaling"] == "linear":
        return frequencies / config["factor"]
    if config["scaling"] == "llama3":
        low, high = config["low_frequency_factor"], config["high_frequency_factor"]
        turns = config["original_positions"] * frequencies / (2 * math.pi)
        kept = ((turns - low) / (high - low)).clamp(0, 1)
        return kept * frequencies + (1 - kept) * frequencies / config["factor"]
    return frequencies


def decoder_feed_forward(config, w, path):
    d, hidden, biased = config["d_model"], config["feed_forward_dim"], config["output_bias"]
    kind = config["feed_forward"]
    gated = kind.startswith("gated_")
    gate = w.linear(path + "gate", d, hidden, biased) if gated else None
    up, down = w.linear(path + "up", d, hidden, biased), w.linear(path + "down", hidden, d, biased)
    activation = {
        "silu": F.silu, "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    }[kind.removeprefix("gated_")]
    return lambda x: down(activation(gate(x)) * up(x) if gated else activation(up(x)))


def decoder_fixture(name, seed, **switches):
    config = {
        "vocabulary": 19, "d_model": 16, "n_layers": 2, "n_heads": 4, "n_kv_heads": 4, "head_dim": 6,
        "feed_forward_dim": 24, "max_positions": 32, "block": "serial",
        "norm": {"kind": "rms_norm", "epsilon": 1e-5, "bias": False, "gain_offset": 0},
        "attention_bias": False, "output_bias": False, "query_key_norm": "none",
        "rotary": {
            "dims": 6, "theta": 10000, "scaling": "none", "factor": 1, "low_frequency_factor": 1,
            "high_frequency_factor": 4, "original_positions": 32},
        "feed_forward": "gated_silu", "tied_head": True, "embedding_scale": 1, "dropout": 0.1}
    config |= {k: config[k] | v if isinstance(v, dict) else v for k, v in switches.items()}
    w = Weights(seed)
    run = decoder(config, w)
    prefixes = [w.noise(time, config["d_model"]).float().double() for time in (5, 2)]
    tokens = [torch.tensor(ids) for ids in ([1, 18, 7, 7, 0, 3], [4, 11, 2])]
    tensors = {"prefix": padded(prefixes), "prefix_lengths": [len(p) for p in prefixes]}
    tensors |= {f"tokens.{i}": ids for i, ids in enumerate(tokens)}
    expected = {}
    for i, (prefix, ids) in enumerate(zip(prefixes, tokens)):
        expected[f"states.{i}"], expected[f"logits.{i}"] = run(prefix, ids)
    write("lm-decoder", "decoder_" + name, seed, config, w, tensors, expected)


# Projection, pre-net, post-net: Nachmani et al. 2023, section 3; stop head and the dropout of the
# pre-net: Shen et al. 2018, section 2.2.


def nets_fixture(name, seed, **switches):
    config = {
        "encoder_dim": 14, "d_model": 18, "n_mels": 5, "reduction_factor": 3, "pre_net_bottleneck": 7,
        "pre_net_dropout": 0.5, "post_net_hidden": 23, "stop_head": True}
    config |= switches
    w = Weights(seed)
    d, channels = config["d_model"], config["reduction_factor"] * config["n_mels"]
    projection = w.linear("projection", config["encoder_dim"], d)
    pre_down = w.linear("pre_net.down", channels, config["pre_net_bottleneck"])
    pre_up = w.linear("pre_net.up", config["pre_net_bottleneck"], d)
    post_up = w.linear("post_net.up", d, config["post_net_hidden"])
    post_down = w.linear("post_net.down", config["post_net_hidden"], channels)
    states = w.noise(2, 6, config["encoder_dim"]).float().double()
    frames = w.noise(2, 4, channels).float().double()
    decoded = w.noise(2, 5, d).float().double()
    uniform = w.uniform(2, 4, config["pre_net_bottleneck"])
    rate = config["pre_net_dropout"]
    kept = (uniform >= rate).double() / (1 - rate)
    tensors = {"states": states, "frames": frames, "decoded": decoded, "uniform": uniform}
    expected = {
        "prefix": projection(states),
        "inputs": pre_up(F.relu(pre_down(frames)) * kept),
        "frames": post_down(F.relu(post_up(decoded)))}
    if config["stop_head"]:
        expected["stop"] = w.linear("stop_head", d, 1)(decoded)
    write("pre-post-nets", "nets_" + name, seed, config, w, tensors, expected)


def main():
    torch.set_num_threads(1)
    conformer_fixture("mini", 101, position="rotary", kernel_size=15, n_heads=4)
    conformer_fixture("spectron", 102, position="transformer_xl")
    conformer_fixture(
        "chunked", 103, causal_convolution=True, kernel_size=4, chunk={"size": 2, "left": 3, "right": 1})
    conformer_fixture(
        "batch_norm", 104, position="transformer_xl", convolution_norm="batch_norm", kernel_size=8,
        subsampling_channels=[7], chunk={"size": 3, "left": 2, "right": 0})
    decoder_fixture("mini", 201, embedding_scale=4)
    palm = {"kind": "layer_norm"}
    decoder_fixture("spectron", 202, block="parallel", norm=palm, n_kv_heads=1, feed_forward_dim=64)
    decoder_fixture(
        "grouped", 203, norm={"gain_offset": 1}, n_kv_heads=2, query_key_norm="head",
        feed_forward="gated_gelu_tanh", tied_head=False, embedding_scale=4, head_dim=10,
        rotary={"dims": 8, "theta": 1000, "scaling": "llama3", "factor": 8, "original_positions": 64})
    decoder_fixture(
        "non_parametric", 204, norm={"kind": "non_parametric"}, n_kv_heads=2, query_key_norm="all_heads",
        attention_bias=True, feed_forward="gelu", rotary={"scaling": "linear", "factor": 4})
    decoder_fixture(
        "biased", 205, block="parallel", norm={"kind": "layer_norm", "bias": True}, attention_bias=True,
        output_bias=True, feed_forward="silu", tied_head=False)
    decoder_fixture("biased_gate", 206, output_bias=True, n_layers=1)
    nets_fixture("mini", 301)
    nets_fixture("spectron", 302, reduction_factor=1, stop_head=False)


if __name__ == "__main__":
    main()
