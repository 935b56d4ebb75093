/**
 * What every training run shares, whatever it trains: checkpoints, the log of metrics, learning
 * rates, batches made ahead. Read {@link dev.spectron.training.run.Checkpoint} first.
 */
package dev.spectron.training.run;
