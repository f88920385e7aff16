# What the demo needs of Debian, and building the server. Sourced by server/demo.

# Libraries that the server is built on, and the tools that build it.
build_packages=(gcc make cmake pkg-config libc6-dev libssl-dev libjansson-dev libmicrohttpd-dev libldap-dev
    libjwt-dev libhiredis-dev liboath-dev libqrencode-dev libinih-dev libcurl4-openssl-dev)
# The stores, and what the scripts use.
run_packages=(slapd ldap-utils redis-server curl jq oathtool openssl procps)

# Installs those of the named packages that are missing; asks the network only when some are.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    local sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo)
    say "Installing: ${missing[*]}"
    "${sudo[@]}" apt-get update -qq
    # Debian's scripts would start a slapd and a redis-server of their own; the demo has private ones.
    local policy=/usr/sbin/policy-rc.d made=
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null
        "${sudo[@]}" chmod 755 $policy
        made=yes
    fi
    local status=0
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}" >/dev/null || status=$?
    [ -z "$made" ] || "${sudo[@]}" rm -f $policy
    [ "$status" = 0 ] || fail "apt-get could not install: ${missing[*]}"
}

demo_packages() {
    install_packages "${build_packages[@]}" "${run_packages[@]}"
}

# The tests hand a binary of their own over (sanitizers); otherwise a release build.
demo_build() {
    if [ -n "${ONEDOOR_BINARY:-}" ]; then
        onedoor=$ONEDOOR_BINARY
        return
    fi
    onedoor=$root/build/demo/onedoor
    say "Building."
    {
        cmake -S "$root" -B "$root/build/demo" -DONEDOOR_TESTS=OFF -DCMAKE_BUILD_TYPE=RelWithDebInfo &&
            cmake --build "$root/build/demo" --parallel "$(nproc)" --target onedoor
    } >"$state/build.log" 2>&1 || {
        tail -n 30 "$state/build.log" >&2
        fail "the build failed; all of it: $state/build.log"
    }
}
