/**
 * Starts, watches and restarts the processes of a training: on this machine, on hosts through
 * {@code mpirun}, or under Slurm. It knows processes, not tensors.
 */
package dev.spectron.training.launch;
