/**
 * The training losses on DJL arrays. Source: Nachmani et al. 2023, arXiv 2305.15255, section 3.2.
 */
package dev.spectron.training.loss;
