/** Several processes that train one model: what they tell each other, through MPI or NCCL. */
package dev.spectron.training.exchange;
