/**
 * What each part of the method is worth: the same small model trained with one part left out at a
 * time. A plan, a recipe and its variants in JSON, becomes a folder of runs, one table and one
 * picture. Read {@link dev.spectron.training.ablation.Ablation} first. Source of the idea: Nachmani
 * et al. 2023, arXiv 2305.15255, its ablation of pre-training and losses.
 */
package dev.spectron.training.ablation;
