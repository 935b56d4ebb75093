/** One bridge class into DJL's PyTorch binding; see {@link ai.djl.pytorch.jni.ScriptCall}. */
package ai.djl.pytorch.jni;
