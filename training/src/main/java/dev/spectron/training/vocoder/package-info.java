/**
 * Training of the neural vocoder, apart from the model that writes its spectrograms: crops of
 * speech, a discriminator, and the losses of Koizumi et al. 2022, arXiv 2210.01029. Read {@link
 * dev.spectron.training.vocoder.VocoderTrainer} first.
 */
package dev.spectron.training.vocoder;
