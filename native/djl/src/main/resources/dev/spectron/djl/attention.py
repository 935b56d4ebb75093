# Attention: q, k, v and results are [batch, time, n * d]; heads are [batch, n, time, d].

  def split(self, x: Tensor, n: int) -> Tensor:
    return torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), n, -1])

  def heads(self, x: Tensor, n: int) -> Tensor:
    return torch.transpose(self.split(x, n), 1, 2)

  # Turns channel i of x [batch, time, n, d] against channel i + dims / 2; table is cosines and sines, [2,
  # positions, dims / 2].
  def rotate(self, x: Tensor, table: Tensor, position: int) -> Tensor:
    if torch.numel(table) == 0:
      y = x
    else:
      half = torch.size(table, 2)
      now = torch.narrow(table, 1, position, torch.size(x, 1))
      cos = torch.unsqueeze(torch.select(now, 0, 0), 1)
      sin = torch.unsqueeze(torch.select(now, 0, 1), 1)
      a = torch.narrow(x, 3, 0, half)
      b = torch.narrow(x, 3, half, half)
      rest = torch.narrow(x, 3, 2 * half, torch.size(x, 3) - 2 * half)
      y = torch.cat([torch.addcmul(torch.mul(a, cos), b, sin, value=-1), torch.addcmul(torch.mul(b, cos), a, sin),
            rest], 3)
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

  # softmax(scale * q k^T + bias) v. Float32 even where linear layers are bfloat16: libtorch's bfloat16 kernel takes
  # twice as long backward.
  def attend(self, q: Tensor, k: Tensor, v: Tensor, scale: float, causal: bool, bias: Tensor,
        padding: Tensor) -> Tensor:
    keys = self.spread(k, torch.size(q, 1))
    values = self.spread(v, torch.size(q, 1))
    y = torch.scaled_dot_product_attention(q, keys, values, self.optional(bias), 0., causal, scale=scale)
    joined = torch.reshape(torch.transpose(y, 1, 2), [torch.size(q, 0), torch.size(q, 2), -1])
    return self.clear(joined, padding)

  def attention(self, q: Tensor, k: Tensor, v: Tensor, n: int, n_kv: int, scale: float, mask: Tensor, padding: Tensor,
        key_cache: Tensor, value_cache: Tensor, position: int, causal: bool, table: Tensor) -> Tensor:
    queries = torch.transpose(self.rotate(self.split(q, n), table, position), 1, 2)
    keys = self.append(key_cache, torch.transpose(self.rotate(self.split(k, n_kv), table, position), 1, 2), position)
    values = self.append(value_cache, self.heads(v, n_kv), position)
    return self.attend(queries, keys, values, scale, causal, mask, padding)

  # Row r of sinusoids is distance `furthest` - r.
  def attention_transformer_xl(self, q: Tensor, k: Tensor, v: Tensor, n: int, n_kv: int, scale: float, mask: Tensor,
        padding: Tensor, key_cache: Tensor, value_cache: Tensor, position: int, bf16: bool, sinusoids: Tensor,
        furthest: int, projection: Tensor, u: Tensor, w: Tensor) -> Tensor:
    queries = self.heads(q, n)
    keys = self.append(key_cache, self.heads(k, n_kv), position)
    values = self.append(value_cache, self.heads(v, n_kv), position)
    time = torch.size(queries, 2)
    total = torch.size(keys, 2)
    distances = time + total - 1
    r = torch.narrow(sinusoids, 0, furthest - (total - 1), distances)
    projected = torch.transpose(torch.reshape(self.linear(r, projection, torch.new_empty(r, [0]), bf16), [distances,
          n, -1]), 0, 1)
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
    return self.attend(torch.add(queries, torch.unsqueeze(u, 1)), keys, values, scale, False, masked, padding)

  def batch_product(self, x: Tensor, y: Tensor, bf16: bool) -> Tensor:
    if bf16:
      z = torch.to(torch.matmul(torch.to(x, 15), torch.to(y, 15)), 6)
    else:
      z = torch.matmul(x, y)
    return z

  def attention_shaw(self, q: Tensor, k: Tensor, v: Tensor, n: int, n_kv: int, scale: float, mask: Tensor,
        padding: Tensor, key_cache: Tensor, value_cache: Tensor, position: int, bf16: bool, distances: Tensor,
        left: int, right: int) -> Tensor:
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
    return self.attend(queries, keys, values, scale, False, masked, padding)
