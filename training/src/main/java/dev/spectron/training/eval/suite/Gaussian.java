package dev.spectron.training.eval.suite;

import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.descriptive.MultivariateSummaryStatistics;

/** Mean and covariance of vectors that come one after the other. */
final class Gaussian {
  private MultivariateSummaryStatistics statistics = new MultivariateSummaryStatistics(1, false);

  /**
   * Takes in a vector.
   *
   * @param vector as long as the others
   */
  void add(double[] vector) {
    if (statistics.getN() == 0) {
      statistics = new MultivariateSummaryStatistics(vector.length, false);
    }
    statistics.addValue(vector);
  }

  /**
   * The squared 2-Wasserstein distance of two Gaussians,
   *
   * <pre>|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½)</pre>
   *
   * Source: Dowson and Landau 1982; as a measure of sound, Kilgour et al. 2019, arXiv 1812.08466.
   *
   * @param other of vectors as long
   */
  double frechetDistance(Gaussian other) {
    RealMatrix first = statistics.getCovariance();
    RealMatrix second = other.statistics.getCovariance();
    double distance = first.getTrace() + second.getTrace();
    double[] mean = statistics.getMean();
    double[] otherMean = other.statistics.getMean();
    for (int i = 0; i < mean.length; i++) {
      distance += (mean[i] - otherMean[i]) * (mean[i] - otherMean[i]);
    }
    // The eigenvalues of Σ₁ Σ₂ are those of this symmetric product.
    RealMatrix root = root(first);
    RealMatrix product = root.multiply(second).multiply(root);
    for (double eigenvalue : eigen(product).getRealEigenvalues()) {
      distance -= 2 * Math.sqrt(Math.max(0, eigenvalue));
    }
    return Math.max(0, distance);
  }

  private static RealMatrix root(RealMatrix covariance) {
    EigenDecomposition eigen = eigen(covariance);
    double[] roots = eigen.getRealEigenvalues();
    for (int i = 0; i < roots.length; i++) {
      roots[i] = Math.sqrt(Math.max(0, roots[i]));
    }
    return eigen
        .getV()
        .multiply(MatrixUtils.createRealDiagonalMatrix(roots))
        .multiply(eigen.getVT());
  }

  /** Of the symmetric part: rounding leaves products a little asymmetric. */
  private static EigenDecomposition eigen(RealMatrix matrix) {
    return new EigenDecomposition(matrix.add(matrix.transpose()).scalarMultiply(0.5));
  }
}
