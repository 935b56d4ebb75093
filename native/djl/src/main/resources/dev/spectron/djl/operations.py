# The operations of the contract in TorchScript, one method each, so that one call from Java is one
# crossing of the native boundary. Conventions: an absent tensor is an empty one; `padding` is true
# at frames past a row's length and broadcasts over the rest; dtype 6 is float32, 15 is bfloat16.

  def optional(self, x: Tensor) -> Optional[Tensor]:
    if torch.numel(x) == 0:
      y: Optional[Tensor] = None
    else:
      y = x
    return y

  def clear(self, x: Tensor, padding: Tensor) -> Tensor:
    if torch.numel(padding) == 0:
      y = x
    else:
      y = torch.masked_fill(x, padding, 0.)
    return y

  # Dense

  def product(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    if torch.numel(bias) == 0:
      y = torch.linear(x, weight, None)
    else:
      y = torch.linear(x, weight, bias)
    return y

  def linear(self, x: Tensor, weight: Tensor, bias: Tensor, bf16: bool) -> Tensor:
    if bf16:
      y = torch.to(self.product(torch.to(x, 15), torch.to(weight, 15), torch.to(bias, 15)), 6)
    else:
      y = self.product(x, weight, bias)
    return y

  def feed_forward(self, x: Tensor, up: Tensor, up_bias: Tensor, activation: str, down: Tensor, down_bias: Tensor, bf16: bool) -> Tensor:
    if bf16:
      h = self.product(torch.to(x, 15), torch.to(up, 15), torch.to(up_bias, 15))
      y = torch.to(self.product(self.activate(h, activation), torch.to(down, 15), torch.to(down_bias, 15)), 6)
    else:
      y = self.product(self.activate(self.product(x, up, up_bias), activation), down, down_bias)
    return y

  def gated_feed_forward(self, x: Tensor, gate: Tensor, up: Tensor, activation: str, down: Tensor, bf16: bool) -> Tensor:
    if bf16:
      z = torch.to(x, 15)
      h = torch.mul(self.activate(torch.linear(z, torch.to(gate, 15), None), activation), torch.linear(z, torch.to(up, 15), None))
      y = torch.to(torch.linear(h, torch.to(down, 15), None), 6)
    else:
      h = torch.mul(self.activate(torch.linear(x, gate, None), activation), torch.linear(x, up, None))
      y = torch.linear(h, down, None)
    return y

  def embed(self, ids: Tensor, table: Tensor) -> Tensor:
    return torch.embedding(table, ids)

  def conv1d(self, x: Tensor, weight: Tensor, bias: Tensor, stride: int, dilation: int, pad_left: int, pad_right: int, groups: int, padding: Tensor, padding_out: Tensor) -> Tensor:
    z = torch.transpose(self.clear(x, padding), 1, 2)
    if pad_left == pad_right:
      y = torch.conv1d(z, weight, self.optional(bias), [stride], [pad_left], [dilation], groups)
    else:
      y = torch.conv1d(torch.constant_pad_nd(z, [pad_left, pad_right]), weight, self.optional(bias), [stride], [0], [dilation], groups)
    return self.clear(torch.contiguous(torch.transpose(y, 1, 2)), padding_out)

  def conv_transpose1d(self, x: Tensor, weight: Tensor, bias: Tensor, stride: int, cut: int, padding: Tensor, padding_out: Tensor) -> Tensor:
    z = torch.transpose(self.clear(x, padding), 1, 2)
    y = torch.conv_transpose1d(z, weight, self.optional(bias), [stride], [cut], [0], 1, [1])
    return self.clear(torch.contiguous(torch.transpose(y, 1, 2)), padding_out)

  def conv2d(self, x: Tensor, weight: Tensor, bias: Tensor, stride: int, pad: int, groups: int, padding: Tensor, padding_out: Tensor) -> Tensor:
    z = torch.permute(self.clear(x, padding), [0, 3, 1, 2])
    y = torch.conv2d(z, weight, self.optional(bias), [stride, stride], [pad, pad], [1, 1], groups)
    return self.clear(torch.contiguous(torch.permute(y, [0, 2, 3, 1])), padding_out)

  # Norms

  def layer_norm(self, x: Tensor, gain: Tensor, bias: Tensor, epsilon: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], self.optional(gain), self.optional(bias), epsilon)

  def rms_norm(self, x: Tensor, gain: Tensor, epsilon: float) -> Tensor:
    return torch.rms_norm(x, [torch.size(x, -1)], self.optional(gain), epsilon)

  def batch_norm(self, x: Tensor, mean: Tensor, variance: Tensor, gain: Tensor, bias: Tensor, epsilon: float) -> Tensor:
    factor = torch.mul(gain, torch.rsqrt(torch.add(variance, epsilon)))
    return torch.addcmul(torch.sub(bias, torch.mul(mean, factor)), x, factor)

  # Attention: q, k, v and results are [batch, time, n * d]; inside, heads are [batch, n, time, d].

  def heads(self, x: Tensor, n: int) -> Tensor:
    return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), n, -1]), 1, 2)

  # Turns channel i against channel i + dims / 2; table is cosines and sines, [2, positions, dims / 2].
  def rotate(self, x: Tensor, table: Tensor, position: int) -> Tensor:
    if torch.numel(table) == 0:
      y = x
    else:
      half = torch.size(table, 2)
      now = torch.narrow(table, 1, position, torch.size(x, 2))
      cos = torch.select(now, 0, 0)
      sin = torch.select(now, 0, 1)
      a = torch.narrow(x, 3, 0, half)
      b = torch.narrow(x, 3, half, half)
      rest = torch.narrow(x, 3, 2 * half, torch.size(x, 3) - 2 * half)
      y = torch.cat([torch.sub(torch.mul(a, cos), torch.mul(b, sin)), torch.add(torch.mul(b, cos), torch.mul(a, sin)), rest], 3)
    return y

  # Writes heads into a cache [batch, capacity, n * d] at position; returns the heads of all positions so far.
  def append(self, cache: Tensor, x: Tensor, position: int) -> Tensor:
    if torch.numel(cache) == 0:
      y = x
    else:
      time = torch.size(x, 2)
      all = self.heads(cache, torch.size(x, 1))
      written = torch.copy_(torch.narrow(all, 2, position, time), torch.detach(x))
      y = torch.narrow(all, 2, 0, position + time)
    return y

  # One key or value head for each of the n query heads.
  def spread(self, x: Tensor, n: int) -> Tensor:
    if torch.size(x, 1) == n:
      y = x
    else:
      y = torch.repeat_interleave(x, torch.floordiv(n, torch.size(x, 1)), 1)
    return y

  # softmax(scale * q k^T + bias) v over heads.
  def attend(self, q: Tensor, k: Tensor, v: Tensor, scale: float, causal: bool, bias: Tensor, padding: Tensor, bf16: bool) -> Tensor:
    keys = self.spread(k, torch.size(q, 1))
    values = self.spread(v, torch.size(q, 1))
    if bf16:
      y = torch.to(torch.scaled_dot_product_attention(torch.to(q, 15), torch.to(keys, 15), torch.to(values, 15), self.optional(bias), 0., causal, scale=scale), 6)
    else:
      y = torch.scaled_dot_product_attention(q, keys, values, self.optional(bias), 0., causal, scale=scale)
    joined = torch.reshape(torch.transpose(y, 1, 2), [torch.size(q, 0), torch.size(q, 2), -1])
    return self.clear(joined, padding)

  def attention(self, q: Tensor, k: Tensor, v: Tensor, n: int, n_kv: int, scale: float, causal: bool, mask: Tensor, padding: Tensor, key_cache: Tensor, value_cache: Tensor, position: int, bf16: bool, table: Tensor) -> Tensor:
    queries = self.rotate(self.heads(q, n), table, position)
    keys = self.append(key_cache, self.rotate(self.heads(k, n_kv), table, position), position)
    values = self.append(value_cache, self.heads(v, n_kv), position)
    return self.attend(queries, keys, values, scale, causal, mask, padding, bf16)

  # Row r of sinusoids is distance `furthest` - r.
  def attention_transformer_xl(self, q: Tensor, k: Tensor, v: Tensor, n: int, n_kv: int, scale: float, mask: Tensor, padding: Tensor, key_cache: Tensor, value_cache: Tensor, position: int, bf16: bool, sinusoids: Tensor, furthest: int, projection: Tensor, u: Tensor, w: Tensor) -> Tensor:
    queries = self.heads(q, n)
    keys = self.append(key_cache, self.heads(k, n_kv), position)
    values = self.append(value_cache, self.heads(v, n_kv), position)
    time = torch.size(queries, 2)
    total = torch.size(keys, 2)
    distances = time + total - 1
    r = torch.narrow(sinusoids, 0, furthest - (total - 1), distances)
    projected = torch.transpose(torch.reshape(self.linear(r, projection, torch.new_empty(r, [0]), bf16), [distances, n, -1]), 0, 1)
    scored = self.batch_product(torch.add(queries, torch.unsqueeze(w, 1)), torch.transpose(projected, 1, 2), bf16)
    # Row i of `scored` starts at distance total - 1; the bias of key j is that of distance total - time + i - j.
    # Padding one column and reading the memory as one row longer moves row i by time - 1 - i.
    shifted = torch.reshape(torch.constant_pad_nd(scored, [1, 0]), [torch.size(q, 0), n, distances + 1, time])
    aligned = torch.reshape(torch.narrow(shifted, 2, 1, distances), [torch.size(q, 0), n, time, distances])
    bias = torch.mul(torch.narrow(aligned, 3, 0, total), scale)
    if torch.numel(mask) == 0:
      masked = bias
    else:
      masked = torch.add(bias, mask)
    return self.attend(torch.add(queries, torch.unsqueeze(u, 1)), keys, values, scale, False, masked, padding, False)

  def batch_product(self, x: Tensor, y: Tensor, bf16: bool) -> Tensor:
    if bf16:
      z = torch.to(torch.matmul(torch.to(x, 15), torch.to(y, 15)), 6)
    else:
      z = torch.matmul(x, y)
    return z

  def attention_shaw(self, q: Tensor, k: Tensor, v: Tensor, n: int, n_kv: int, scale: float, mask: Tensor, padding: Tensor, key_cache: Tensor, value_cache: Tensor, position: int, bf16: bool, distances: Tensor, left: int, right: int) -> Tensor:
    queries = self.heads(q, n)
    keys = self.append(key_cache, self.heads(k, n_kv), position)
    values = self.append(value_cache, self.heads(v, n_kv), position)
    time = torch.size(queries, 2)
    total = torch.size(keys, 2)
    ramp = torch.arange(total, dtype=4)
    ahead = torch.sub(torch.unsqueeze(ramp, 0), torch.unsqueeze(torch.narrow(ramp, 0, total - time, time), 1))
    index = torch.add(torch.clamp(ahead, -left, right), left)
    scored = self.batch_product(queries, torch.transpose(distances, 0, 1), bf16)
    bias = torch.mul(torch.gather(scored, 3, torch.expand(index, [torch.size(q, 0), n, time, total])), scale)
    if torch.numel(mask) == 0:
      masked = bias
    else:
      masked = torch.add(bias, mask)
    return self.attend(queries, keys, values, scale, False, masked, padding, False)

  # Pointwise

  def add(self, x: Tensor, y: Tensor, scale: float) -> Tensor:
    return torch.add(x, y, alpha=scale)

  def multiply(self, x: Tensor, y: Tensor) -> Tensor:
    return torch.mul(x, y)

  def scale(self, x: Tensor, factor: float) -> Tensor:
    return torch.mul(x, factor)

  def activate(self, x: Tensor, activation: str) -> Tensor:
    if activation == "RELU":
      y = torch.relu(x)
    elif activation == "LEAKY_RELU":
      y = torch.leaky_relu(x, 0.2)
    elif activation == "SILU":
      y = torch.silu(x)
    elif activation == "GELU":
      y = torch.gelu(x, approximate="none")
    elif activation == "GELU_TANH":
      y = torch.gelu(x, approximate="tanh")
    elif activation == "SIGMOID":
      y = torch.sigmoid(x)
    else:
      y = torch.tanh(x)
    return y

  def glu(self, x: Tensor) -> Tensor:
    return torch.glu(x, -1)

  def dropout(self, x: Tensor, rate: float) -> Tensor:
    return torch.dropout(x, rate, True)

  def stop_gradient(self, x: Tensor) -> Tensor:
    return torch.detach(x)

  # Layout

  def reshape(self, x: Tensor, shape: List[int]) -> Tensor:
    return torch.reshape(x, shape)

  # Frames of the parts, joined in time, by index [batch * time_out] into batch * total time.
  def gather_time(self, parts: List[Tensor], index: Tensor, padding: Tensor) -> Tensor:
    x = torch.cat(parts, 1)
    if torch.numel(index) == 0:
      y = x
    else:
      flat = torch.reshape(x, [-1, torch.size(x, 2)])
      y = torch.reshape(torch.index_select(flat, 0, index), [torch.size(x, 0), -1, torch.size(x, 2)])
    return self.clear(y, padding)

  def narrow_time(self, x: Tensor, start: int, time: int) -> Tensor:
    return torch.contiguous(torch.narrow(x, 1, start, time))

  def upsample_time(self, x: Tensor, factor: int) -> Tensor:
    b = torch.size(x, 0)
    t = torch.size(x, 1)
    c = torch.size(x, 2)
    return torch.reshape(torch.expand(torch.unsqueeze(x, 2), [b, t, factor, c]), [b, t * factor, c])

  # Spectral

  def power_spectrogram(self, x: Tensor, n_fft: int, win_length: int, hop_length: int) -> Tensor:
    window = torch.hann_window(win_length, True, dtype=6)
    spectrum = torch.stft(torch.squeeze(x, 2), n_fft, hop_length, win_length, window, True, "reflect", False, True, True)
    power = torch.sum(torch.square(torch.view_as_real(spectrum)), [3])
    return torch.contiguous(torch.transpose(power, 1, 2))

  # Losses

  def cross_entropy(self, logits: Tensor, targets: Tensor, ignored: int) -> Tensor:
    return torch.cross_entropy_loss(torch.reshape(logits, [-1, torch.size(logits, -1)]), targets, None, 0, ignored)

  def ctc(self, log_probs: Tensor, targets: Tensor, frames: Tensor, target_lengths: Tensor, blank: int) -> Tensor:
    return torch.ctc_loss(torch.transpose(log_probs, 0, 1), targets, frames, target_lengths, blank, 0, True)

  # Optimiser: called without recording

  # A backward pass from here gives a parameter the gradient zero, so that none is ever undefined.
  def nothing(self, parameter: Tensor) -> Tensor:
    return torch.mul(torch.sum(parameter), 0.)

  def gradients(self, parameters: List[Tensor]) -> List[Tensor]:
    gradients = annotate(List[Tensor], [])
    for i in range(torch.len(parameters)):
      gradient = parameters[i].grad
      if gradient is not None:
        added = torch.append(gradients, gradient)
    return gradients

  def clip(self, parameters: List[Tensor], limit: float) -> Tensor:
    gradients = self.gradients(parameters)
    norm = torch.norm(torch.stack(torch._foreach_norm(gradients, 2.), 0), 2)
    factor = torch.clamp(torch.mul(torch.reciprocal(torch.add(norm, 1e-6)), limit), None, 1.)
    torch._foreach_mul_(gradients, factor)
    return norm

  def scale_gradients(self, parameters: List[Tensor], factor: float) -> int:
    torch._foreach_mul_(self.gradients(parameters), factor)
    return 0

  def adamw(self, parameters: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor], rate: float, beta1: float, beta2: float, decay: float, epsilon: float) -> int:
    torch._fused_adamw_(parameters, self.gradients(parameters), means, squares, annotate(List[Tensor], []), steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
    return 0
