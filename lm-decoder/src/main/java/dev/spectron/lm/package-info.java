/**
 * The decoder language model, its tokenizer and its samplers: decoder inputs {@code [batch, time,
 * d_model]} to logits {@code [batch, time, vocab]}, whole or step by step with a cache.
 */
package dev.spectron.lm;
