//! Which system calls an engine process has: those that reading, computing, parking and its pipes
//! take. Any other is refused with EPERM.
//!
//! A list of what is allowed, and not of what is forbidden: what a newer kernel brings, and the same
//! calls under the numbers of another interface (x32), are refused without being known here. EPERM
//! and not the end of the process, because libraries ask for much that they can do without. What a
//! path may be is said by `files`: a filter sees the number of a call and its plain arguments only.

use std::collections::BTreeMap;

use anyhow::Result;
use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter_all_threads,
};

/// What is allowed whatever the arguments are.
const ALLOWED: &[c_long] = &[
    // Pipes and files.
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_ppoll,
    libc::SYS_openat,
    libc::SYS_readlinkat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_mkdirat,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_unlinkat,
    libc::SYS_ftruncate,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_fadvise64,
    libc::SYS_readahead,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_mincore,
    libc::SYS_mlock,
    libc::SYS_munlock,
    libc::SYS_membarrier,
    // Threads. Of `clone3` below.
    libc::SYS_clone3,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_getcpu,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Signals of its own.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    // Time.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    // What it is and where.
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getrusage,
    libc::SYS_getrandom,
    libc::SYS_sysinfo,
    libc::SYS_uname,
];

/// The same under their older names, which other processors do not have.
#[cfg(target_arch = "x86_64")]
const OLDER: &[c_long] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_mkdir,
    libc::SYS_rename,
    libc::SYS_unlink,
    libc::SYS_dup2,
    libc::SYS_poll,
    libc::SYS_time,
    libc::SYS_getrlimit,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[c_long] = &[];

/// What a descriptor may be asked: whatever lends it to others or has signals sent for it is left
/// out.
const OF_DESCRIPTORS: [i32; 5] =
    [libc::F_DUPFD, libc::F_DUPFD_CLOEXEC, libc::F_GETFD, libc::F_SETFD, libc::F_GETFL];

/// Puts the lock on.
pub(super) fn close() -> Result<()> {
    // A filter can't see what `clone3` is asked for, so there is none; the library takes `clone`.
    let no_such_call = SeccompAction::Errno(libc::ENOSYS as u32);
    let of_clone3 = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    put_on(of_clone3, SeccompAction::Allow, no_such_call)?;
    put_on(allowed()?, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow)
}

fn put_on(
    rules: BTreeMap<c_long, Vec<SeccompRule>>,
    others: SeccompAction,
    these: SeccompAction,
) -> Result<()> {
    let processor = TargetArch::try_from(std::env::consts::ARCH)?;
    let filter: BpfProgram = SeccompFilter::new(rules, others, these, processor)?.try_into()?;
    Ok(apply_filter_all_threads(&filter)?)
}

fn allowed() -> Result<BTreeMap<c_long, Vec<SeccompRule>>> {
    let mut rules: BTreeMap<_, _> =
        ALLOWED.iter().chain(OLDER).map(|&call| (call, Vec::new())).collect();
    let any_of = |nth, numbers: &[i32]| -> Result<Vec<SeccompRule>> {
        numbers.iter().map(|&number| Ok(SeccompRule::new(vec![is(nth, number as u32)?])?)).collect()
    };
    rules
        .insert(libc::SYS_clone, vec![SeccompRule::new(vec![has(0, libc::CLONE_THREAD as u32)?])?]);
    // The end of an assertion is a signal to oneself.
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![is(0, std::process::id())?])?]);
    rules.insert(libc::SYS_fcntl, any_of(1, &OF_DESCRIPTORS)?);
    rules.insert(libc::SYS_prctl, any_of(0, &[libc::PR_SET_NAME, libc::PR_SET_VMA])?);
    // Its own limits are read, and none is set.
    rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![is(0, 0)?, is_null(2)?])?]);
    // Of files that it has open, and of none by its path.
    rules.insert(libc::SYS_utimensat, vec![SeccompRule::new(vec![is_null(1)?])?]);
    Ok(rules)
}

/// The nth argument is this number.
fn is(nth: u8, number: u32) -> Result<SeccompCondition> {
    Ok(SeccompCondition::new(nth, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, number.into())?)
}

/// The nth argument has this flag.
fn has(nth: u8, flag: u32) -> Result<SeccompCondition> {
    let flag = u64::from(flag);
    Ok(SeccompCondition::new(nth, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(flag), flag)?)
}

/// The nth argument is no address.
fn is_null(nth: u8) -> Result<SeccompCondition> {
    Ok(SeccompCondition::new(nth, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0)?)
}
