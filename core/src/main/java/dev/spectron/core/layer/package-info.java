/**
 * The layers every stage shares and the way weights reach them by path. Read {@link
 * dev.spectron.core.layer.WeightScope} first.
 */
package dev.spectron.core.layer;
