/**
 * The back end on DJL and libtorch: the operations of the contract with gradients, for training.
 */
package dev.spectron.djl;
