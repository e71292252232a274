# How the load harness runs XiVO (sourced by its run.sh; see bench/README.md). USERS=n.
XIVO_ROOT=${XIVO_ROOT:?the checkout}
XIVO_VAR=${XIVO_VAR:-/tmp/xivo-bench-var}
SUT_LABEL=${XIVO_LABEL:-xivo}
XIVOD=$XIVO_ROOT/build/release/src/app/xivod
sut_config() { rm -rf "$XIVO_VAR"; mkdir -p "$XIVO_VAR"; "$XIVO_ROOT/build/release/bench/seed_company" "$XIVO_VAR" "${1:-$USERS}"; }
sut_launch() {
  ( ulimit -n "$(ulimit -Hn)"
    exec $NS nice -n "${BENCH_NICE:--10}" taskset -c "$SUT_CORE" "$XIVOD" --var "$XIVO_VAR" --no-example \
      --sip 127.0.0.1:5060 --http 127.0.0.1:8080 --rtp-ports 20000-59999 --media-loops 1 </dev/null >"$XIVO_VAR/out" 2>&1 ) &
  SUT_PIDS=$!
}
sut_ready() { grep -q "ready" "$XIVO_VAR/out" 2>/dev/null; }
sut_stop() { kill $SUT_PIDS; for i in $(seq 50); do kill -0 $SUT_PIDS 2>/dev/null || return 0; sleep 0.1; done; kill -9 $SUT_PIDS; }
USERS=${USERS:-1000}
export EXT_UAS=900 EXT_PLAYBACK='*55' USER_PATTERN='1%05d' USER_PASS=secret-of-the-bench
