/**
 * The back end on DJL and libtorch: the operations of the contract with gradients, and what
 * training needs beside them (gradients, AdamW, losses). Each operation is one TorchScript method
 * of the resources beside this package. Read {@link dev.spectron.djl.DjlBackend} first.
 */
package dev.spectron.djl;
