# The parts of the test suite, one function each. Sourced by tests/run; each runs in a subshell with `set -e`.

test_packages=(clang libclang-rt-dev llvm libcmocka-dev chromium git)
# What the examples of clients/ are for.
test_packages+=(apache2-bin libapache2-mod-auth-openidc python3-authlib python3-requests nginx caddy)
# A Node.js that is there already may not be Debian's, whose npm would then conflict with it.
command -v node >/dev/null || test_packages+=(nodejs)
command -v npm >/dev/null || test_packages+=(npm)

# `set -e` is off inside an `if`, which is where tests/run calls the parts: so every step says `|| return`.
configure_and_build() { # PRESET TARGET...
    local preset=$1 log
    shift
    log=build/$preset.log
    mkdir -p build
    if ! { cmake --preset "$preset" && cmake --build "build/$preset" --parallel "$(nproc)" --target "$@"; } >"$log" 2>&1; then
        grep -E 'error|warning|\*\*\*' "$log" | head -n 40
        tail -n 20 "$log"
        return 1
    fi
}

part_layers() { tests/layers/run; }

# Both compilers, warnings are errors.
part_build() {
    configure_and_build ci-gcc all || return
    configure_and_build ci-clang all
}

part_unit() {
    configure_and_build ci-gcc all || return
    ctest --test-dir build/ci-gcc --output-on-failure --timeout 300
}

part_asan() {
    configure_and_build asan-ubsan all || return
    ASAN_OPTIONS=detect_leaks=1 ctest --test-dir build/asan-ubsan --output-on-failure --timeout 600
}

# The code that threads share, under ThreadSanitizer.
part_tsan() {
    configure_and_build tsan all || return
    TSAN_OPTIONS="suppressions=$root/tests/tsan.supp halt_on_error=1" \
        ctest --test-dir build/tsan --output-on-failure --timeout 600 -R 'listener|store|keyring|signer|flow|pools|crew|loop|arena|log|audit|swap|follow|live|known|news|courier|near|clients\.c\.'
}

# A short run of every fuzz target; what it learns stays in a copy, so that the corpus grows by choice only.
part_fuzz() {
    local seconds=${ONEDOOR_FUZZ_SECONDS:-8} target corpus work bad=0
    configure_and_build fuzz all || return
    for target in build/fuzz/tests/fuzz.*; do
        corpus=tests/fuzz/corpus/${target##*fuzz.}
        work=$(mktemp -d)
        [ ! -d "$corpus" ] || cp -r "$corpus/." "$work"
        if ! "$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -artifact_prefix="$work/" "$work" \
            >"$work/log" 2>&1; then
            tail -n 30 "$work/log"
            say "fuzz: ${target##*/} failed"
            bad=1
        fi
        rm -rf "$work"
    done
    return "$bad"
}

# The demo of the tests has a state of its own, and an instrumented server.
export ONEDOOR_DEMO_STATE=$root/var/test
export ONEDOOR_DEMO_PORT_OFFSET=${ONEDOOR_TEST_PORT_OFFSET:-3000}
export ONEDOOR_DEMO_JSON=$ONEDOOR_DEMO_STATE/demo.json
# Tests come and go with more applications and roles than the sample city has: no loss is suspicious there.
export ONEDOOR_DEMO_MOST_LOST_PERCENT=100

demo_under() { # PRESET: the demo, new, with that build
    configure_and_build "$1" onedoor || return
    export ONEDOOR_BINARY=$root/build/$1/onedoor
    export ASAN_OPTIONS=detect_leaks=1:log_path=$root/var/sanitizer UBSAN_OPTIONS=print_stacktrace=1
    rm -f "$root"/var/sanitizer.*
    server/demo reset >/dev/null
    server/demo start --twin
}

# A server that leaked or erred says so when it ends. That it changes stacks says the sanitizer of every server; it is told
# of each change (server/base/stack.c).
demo_over() {
    local said
    server/demo stop || return
    compgen -G "$root/var/sanitizer.*" >/dev/null || return 0
    said=$(grep -hv "WARNING: ASan doesn't fully support makecontext/swapcontext functions" "$root"/var/sanitizer.* || true)
    [ -n "$said" ] || return 0
    printf '%s\n' "$said"
    return 1
}

# What a newcomer does first: the release build, the walk, and a second start on the same state.
part_demo() {
    configure_and_build release onedoor || return
    export ONEDOOR_BINARY=$root/build/release/onedoor
    server/demo reset && server/demo start || return
    server/demo-parts/walk "$ONEDOOR_DEMO_JSON" || { server/demo stop; return 1; }
    server/demo stop && server/demo start && server/demo stop
}

node_packages() {
    (cd tests && npm ci --no-audit --no-fund --silent) || return
    # Debian 12's Node 18 has the web crypto of openid-client only behind a switch.
    case $(node --version) in v18.*) export NODE_OPTIONS=--experimental-global-webcrypto ;; esac
    export NODE_EXTRA_CA_CERTS=$ONEDOOR_DEMO_STATE/tls/ca.pem
}

node_suite() { # FOLDER
    local status=0
    node_packages || return
    demo_under asan-ubsan || return
    (cd tests && node --test --test-concurrency=1 "$1"/*.test.mjs) || status=1
    [ "$status" = 0 ] || tail -n 20 "$ONEDOOR_DEMO_STATE/log/onedoor-main.log"
    demo_over || status=1
    return "$status"
}

part_scenario() { node_suite scenario; }
part_attack() { node_suite attack; }
part_fault() { node_suite fault; }
part_browser() { node_suite browser; }
