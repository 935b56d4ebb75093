# Sourced by mvnw and spectron. find_jdk prints the home of a JDK 25 or newer: that of JAVA_HOME,
# else that of the java on the PATH, else the oldest that fits among the places where JDKs are
# usually installed. Where there is none it says what to install and returns 1.

jdk_needed=25

# The feature release of the JDK in folder $1, from its release file; 0 for anything else.
jdk_feature() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || { echo 0; return; }
  feature=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release")
  echo "${feature:-0}"
}

jdk_on_path() {
  java=$(command -v java) && java=$(readlink -f "$java") && dirname "$(dirname "$java")"
}

jdk_installed() {
  best=
  best_feature=
  for home in /usr/lib/jvm/* /usr/java/* /opt/* /opt/*/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.gradle/jdks/* \
    "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    feature=$(jdk_feature "$home")
    if [ "$feature" -ge $jdk_needed ] && [ "$feature" -lt "${best_feature:-9999}" ]; then
      best=$home
      best_feature=$feature
    fi
  done
  echo "$best"
}

find_jdk() {
  for home in "${JAVA_HOME:-}" "$(jdk_on_path)"; do
    if [ "$(jdk_feature "$home")" -ge $jdk_needed ]; then
      echo "$home"
      return
    fi
  done
  home=$(jdk_installed)
  if [ -z "$home" ]; then
    echo "Spectron needs a JDK $jdk_needed or newer and found none: install one (Debian, Ubuntu:" \
      "apt-get install openjdk-25-jdk; SDKMAN: sdk install java 25-tem; macOS: brew install openjdk)" \
      "or set JAVA_HOME to where it is." >&2
    return 1
  fi
  echo "$home"
}
