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
    return torch.linear(x, weight, self.optional(bias))

  def linear(self, x: Tensor, weight: Tensor, bias: Tensor, bf16: bool) -> Tensor:
    if bf16:
      y = torch.to(self.product(torch.to(x, 15), torch.to(weight, 15), torch.to(bias, 15)), 6)
    else:
      y = self.product(x, weight, bias)
    return y

  def feed_forward(self, x: Tensor, up: Tensor, up_bias: Tensor, activation: str, down: Tensor, down_bias: Tensor,
        bf16: bool) -> Tensor:
    if bf16:
      h = self.product(torch.to(x, 15), torch.to(up, 15), torch.to(up_bias, 15))
      y = torch.to(self.product(self.activate(h, activation), torch.to(down, 15), torch.to(down_bias, 15)), 6)
    else:
      y = self.product(self.activate(self.product(x, up, up_bias), activation), down, down_bias)
    return y

  def gated_feed_forward(self, x: Tensor, gate: Tensor, up: Tensor, activation: str, down: Tensor,
        bf16: bool) -> Tensor:
    if bf16:
      z = torch.to(x, 15)
      h = torch.mul(self.activate(torch.linear(z, torch.to(gate, 15), None), activation), torch.linear(z, torch.to(up,
            15), None))
      y = torch.to(torch.linear(h, torch.to(down, 15), None), 6)
    else:
      h = torch.mul(self.activate(torch.linear(x, gate, None), activation), torch.linear(x, up, None))
      y = torch.linear(h, down, None)
    return y

  def embed(self, ids: Tensor, table: Tensor) -> Tensor:
    return torch.embedding(table, ids)

  # As a convolution over one row: frames of channels are then the layout oneDNN calls channels-last, and nothing is
  # transposed.
  def conv1d(self, x: Tensor, weight: Tensor, bias: Tensor, stride: int, dilation: int, pad_left: int, pad_right: int,
        groups: int, padding: Tensor, padding_out: Tensor) -> Tensor:
    z = self.clear(x, padding)
    if pad_left == pad_right:
      pad = pad_left
    else:
      z = torch.constant_pad_nd(z, [0, 0, pad_left, pad_right])
      pad = 0
    row = torch.unsqueeze(torch.transpose(z, 1, 2), 2)
    y = torch.conv2d(row, torch.unsqueeze(weight, 2), self.optional(bias), [1, stride], [0, pad], [1, dilation], groups)
    return self.clear(torch.contiguous(torch.transpose(torch.squeeze(y, 2), 1, 2)), padding_out)

  def conv_transpose1d(self, x: Tensor, weight: Tensor, bias: Tensor, stride: int, cut: int, padding: Tensor,
        padding_out: Tensor) -> Tensor:
    z = torch.transpose(self.clear(x, padding), 1, 2)
    y = torch.conv_transpose1d(z, weight, self.optional(bias), [stride], [cut], [0], 1, [1])
    return self.clear(torch.contiguous(torch.transpose(y, 1, 2)), padding_out)

  def conv2d(self, x: Tensor, weight: Tensor, bias: Tensor, stride: int, pad: int, groups: int, padding: Tensor,
        padding_out: Tensor) -> Tensor:
    z = torch.permute(self.clear(x, padding), [0, 3, 1, 2])
    y = torch.conv2d(z, weight, self.optional(bias), [stride, stride], [pad, pad], [1, 1], groups)
    return self.clear(torch.contiguous(torch.permute(y, [0, 2, 3, 1])), padding_out)

  # Norms

  def layer_norm(self, x: Tensor, gain: Tensor, bias: Tensor, epsilon: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], self.optional(gain), self.optional(bias), epsilon)

  # Through the vector norm, whose gradient is one pass; libtorch's rms_norm squares, averages and scales one by one.
  def rms_norm(self, x: Tensor, gain: Tensor, epsilon: float) -> Tensor:
    norm = torch.linalg_vector_norm(x, 2, [-1], True)
    mean = torch.div(torch.mul(norm, norm), torch.size(x, -1))
    y = torch.mul(x, torch.rsqrt(torch.add(mean, epsilon)))
    if torch.numel(gain) == 0:
      z = y
    else:
      z = torch.mul(y, gain)
    return z

  def batch_norm(self, x: Tensor, mean: Tensor, variance: Tensor, gain: Tensor, bias: Tensor, epsilon: float) -> Tensor:
    factor = torch.mul(gain, torch.rsqrt(torch.add(variance, epsilon)))
    return torch.addcmul(torch.sub(bias, torch.mul(mean, factor)), x, factor)

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


  def stop_gradient(self, x: Tensor) -> Tensor:
    return torch.detach(x)

  # Layout

  def copy(self, x: Tensor) -> Tensor:
    return torch.clone(x)

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
    spectrum = torch.stft(torch.squeeze(x, 2), n_fft, hop_length, win_length, window, True, "reflect", False, True,
          True)
    power = torch.sum(torch.square(torch.view_as_real(spectrum)), [3])
    return torch.contiguous(torch.transpose(power, 1, 2))
