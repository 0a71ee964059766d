//! Tries what an engine process must not be able to do, in the same cage.
//!
//! `wick cage` does this and prints a [`Report`] as JSON: what of the cage holds on this system, and
//! what was refused. `wick cage --open` tries the same without a cage, which shows that each try
//! would do something.
#![expect(unsafe_code, reason = "what is tried is asked of the kernel itself")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, Result};
use clap::Args;
use libc::c_long;
use serde::{Deserialize, Serialize};

use super::Cage;
use crate::engine::memory;

/// `PTRACE_SEIZE`, which does not stop who is traced.
const SEIZE: usize = 0x4206;

/// `RLIMIT_NOFILE`.
const LIMIT_OF_FILES: usize = 7;

/// `UFFD_USER_MODE_ONLY`, which nobody needs a right for.
const USER_MODE_ONLY: usize = 1;

/// How it is tried.
#[derive(Clone, Debug, Args)]
pub struct TrialArgs {
    /// A new folder, which whoever asks removes afterwards: from inside it can't be.
    #[arg(value_name = "DIR", required_unless_present = "wait")]
    folder: Option<PathBuf>,
    /// Without a cage.
    #[arg(long)]
    open: bool,
    /// Only wait: as the other process that must not be reached.
    #[arg(long, conflicts_with = "folder")]
    wait: bool,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// What holds.
    pub cage: Cage,
    /// What must not be possible.
    pub forbidden: Vec<Try>,
    /// What the engine needs.
    pub needed: Vec<Try>,
}

/// Something that was tried.
#[derive(Debug, Serialize, Deserialize)]
pub struct Try {
    /// As a person would say it.
    pub what: String,
    /// The part of the cage that keeps it off.
    pub lock: Lock,
    /// Whether the system refused it.
    pub is_refused: bool,
}

/// A part of the cage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lock {
    /// [`Cage::files`].
    Files,
    /// [`Cage::calls`].
    Calls,
}

impl Report {
    /// What the cage should have refused, as far as it says that it holds, and did not.
    pub fn leaks(&self) -> Vec<&str> {
        let holds = |lock| match lock {
            Lock::Files => self.cage.files,
            Lock::Calls => self.cage.calls,
        };
        let leaks = self.forbidden.iter().filter(|it| holds(it.lock) && !it.is_refused);
        leaks.map(|it| it.what.as_str()).collect()
    }

    /// What the engine needs and can't do.
    pub fn lacks(&self) -> Vec<&str> {
        self.needed.iter().filter(|it| it.is_refused).map(|it| it.what.as_str()).collect()
    }
}

/// Has a process of its own try everything.
pub fn hold() -> Result<Report> {
    let folder = tempfile::tempdir().context("There is no folder to try it in")?;
    let program = std::env::current_exe().context("Wick does not know where it is itself")?;
    let output =
        Command::new(program).arg("cage").arg(folder.path()).stdin(Stdio::null()).output()?;
    let report = serde_json::from_slice(&output.stdout);
    report.with_context(|| String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

/// Tries everything; gives the report as JSON.
pub fn run(args: TrialArgs) -> Result<String> {
    let Some(folder) = args.folder else {
        io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(String::new());
    };
    let scene = Scene::set(&folder)?;
    let parked = folder.join("parked");
    let cage = if args.open {
        Cage::default()
    } else {
        Cage::close(std::slice::from_ref(&scene.model), Some(&parked))
    };
    let needed = needed(&scene, &parked);
    let mut tries = Tries(Vec::new());
    tries.open_files(&scene);
    tries.connect(&scene);
    tries.reach_out(&scene)?;
    Ok(serde_json::to_string(&Report { cage, forbidden: tries.0, needed })?)
}

/// What is there before the cage is closed.
struct Scene {
    model: PathBuf,
    /// Files that are none of the engine's business.
    secret: PathBuf,
    old: PathBuf,
    tcp: TcpListener,
    unix: UnixListener,
    /// Another process of the same person.
    other: Other,
}

/// A process that waits until this is dropped.
struct Other(Child);

impl Drop for Other {
    fn drop(&mut self) {
        // It ends with its input; to end it by force is refused in a cage.
        drop(self.0.stdin.take());
    }
}

impl Scene {
    fn set(folder: &Path) -> Result<Scene> {
        let file = |name| folder.join(name);
        fs::write(file("model.gguf"), "GGUF")?;
        fs::write(file("old"), "")?;
        // It may be executed and is no program, so that nothing comes of it where that is allowed.
        fs::write(file("secret"), "\0")?;
        fs::set_permissions(file("secret"), fs::Permissions::from_mode(0o700))?;
        let program = std::env::current_exe().context("Wick does not know where it is itself")?;
        let mut other = Command::new(program);
        other.args(["cage", "--wait"]).stdin(Stdio::piped()).stdout(Stdio::null());
        Ok(Scene {
            model: file("model.gguf"),
            secret: file("secret"),
            old: file("old"),
            tcp: TcpListener::bind(("127.0.0.1", 0))?,
            unix: UnixListener::bind(file("socket"))?,
            other: Other(other.spawn()?),
        })
    }
}

struct Tries(Vec<Try>);

impl Tries {
    fn add<T>(&mut self, lock: Lock, what: &str, result: &io::Result<T>) {
        let is_refused = is_refused(result);
        self.0.push(Try { what: what.into(), lock, is_refused });
    }

    fn open_files(&mut self, Scene { secret, old, other, .. }: &Scene) {
        let beside = |name| secret.with_file_name(name);
        let mut add = |what, result: io::Result<()>| self.add(Lock::Files, what, &result);
        add("read another file", fs::read(secret).map(drop));
        add("read /etc/passwd", fs::read("/etc/passwd").map(drop));
        let status = format!("/proc/{}/status", other.0.id());
        add("read what another process is", fs::read(status).map(drop));
        add("list another folder", fs::read_dir("/").map(drop));
        add("change another file", OpenOptions::new().append(true).open(secret).map(drop));
        add("make another file", File::create(beside("new")).map(drop));
        add("make another folder", fs::create_dir(beside("folder")));
        add("rename another file", fs::rename(old, beside("renamed")));
        add("remove another file", fs::remove_file(old));
        let mut add = |what, result: io::Result<()>| self.add(Lock::Calls, what, &result);
        add("link to another file", std::os::unix::fs::symlink(secret, beside("link")));
        add("let others have a file", fs::set_permissions(old, fs::Permissions::from_mode(0o666)));
    }

    fn connect(&mut self, scene: &Scene) {
        let mut add = |what, result: io::Result<()>| self.add(Lock::Calls, what, &result);
        add("connect over TCP", scene.tcp.local_addr().and_then(TcpStream::connect).map(drop));
        add("listen over TCP", TcpListener::bind(("127.0.0.1", 0)).map(drop));
        add("send over UDP", UdpSocket::bind(("127.0.0.1", 0)).map(drop));
        let connect = |address| UnixStream::connect_addr(&address);
        add("connect to a socket", scene.unix.local_addr().and_then(connect).map(drop));
    }

    /// The arguments do no harm where they are let through.
    fn reach_out(&mut self, scene: &Scene) -> Result<()> {
        let path = std::ffi::CString::new(scene.secret.as_os_str().as_bytes())?;
        let (file, other) = (path.as_ptr() as usize, scene.other.0.id() as usize);
        let own_user = rustix::process::getuid().as_raw() as usize;
        let calls: &[(&str, c_long, &[usize])] = &[
            ("start a program", libc::SYS_execve, &[file]),
            ("signal another process", libc::SYS_kill, &[other]),
            ("signal a thread of another process", libc::SYS_tgkill, &[other, other]),
            ("hold another process", libc::SYS_pidfd_open, &[other]),
            ("trace another process", libc::SYS_ptrace, &[SEIZE, other]),
            ("read the memory of another process", libc::SYS_process_vm_readv, &[other]),
            ("change the memory of another process", libc::SYS_process_vm_writev, &[other]),
            ("see the limits of another process", libc::SYS_prlimit64, &[other, LIMIT_OF_FILES]),
            ("mount something", libc::SYS_mount, &[file, file]),
            ("change the root folder", libc::SYS_chroot, &[file]),
            ("make a namespace", libc::SYS_unshare, &[]),
            ("enter a namespace", libc::SYS_setns, &[usize::MAX]),
            ("load a program into the kernel", libc::SYS_bpf, &[]),
            ("use keys", libc::SYS_keyctl, &[]),
            ("have calls made by the kernel", libc::SYS_io_uring_setup, &[1]),
            ("watch the processor", libc::SYS_perf_event_open, &[]),
            ("catch faults of memory", libc::SYS_userfaultfd, &[USER_MODE_ONLY]),
            ("control a device", libc::SYS_ioctl, &[]),
            ("change users", libc::SYS_setuid, &[own_user]),
        ];
        for (what, call, arguments) in calls {
            self.add(Lock::Calls, what, &ask(*call, arguments));
        }
        let fork = ask(libc::SYS_clone, &[libc::SIGCHLD as usize]);
        if let Ok(0) = fork {
            // This is the new process, which must not go on with the rest.
            let _ = ask(libc::SYS_exit_group, &[]);
        }
        self.add(Lock::Calls, "start a process", &fork);
        Ok(())
    }
}

/// Asks the kernel for something. Arguments that are not given are 0.
fn ask(call: c_long, arguments: &[usize]) -> io::Result<c_long> {
    let nth = |n: usize| arguments.get(n).copied().unwrap_or(0);
    // SAFETY: an address among the arguments is null or of a text that lives, and none of the calls
    // above writes to it or to other memory of this process. The kernel looks at all of them.
    match unsafe { libc::syscall(call, nth(0), nth(1), nth(2), nth(3), nth(4), nth(5)) } {
        -1 => Err(io::Error::last_os_error()),
        result => Ok(result),
    }
}

/// What the engine does: these must work.
fn needed(scene: &Scene, parked: &Path) -> Vec<Try> {
    let mut tries = Tries(Vec::new());
    let mut add = |what, result: io::Result<()>| tries.add(Lock::Files, what, &result);
    add("read its model", fs::read(&scene.model).map(drop));
    let folder = parked.join("model");
    let (unfinished, file) = (folder.join("a.unfinished"), folder.join("a"));
    add("make a folder to park in", fs::create_dir_all(&folder));
    add("park", fs::write(&unfinished, "parked"));
    add("name what is parked", fs::rename(&unfinished, &file));
    add("list what is parked", fs::read_dir(&folder).map(drop));
    let touch = |file: File| file.set_modified(std::time::SystemTime::now());
    add("say that it was used", File::open(&file).and_then(touch));
    add("read what is parked", fs::read(&file).map(drop));
    add("remove what is parked", fs::remove_file(&file));
    let known = |it: bool| if it { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) };
    add("see its own memory", known(memory::resident(std::process::id()).is_some()));
    add("see the memory of the system", fs::read("/proc/meminfo").map(drop));
    add("see the time of the processors", fs::read("/proc/stat").map(drop));
    let thread = thread::Builder::new().name("trial".into()).spawn(|| ());
    add("start a thread", thread.and_then(|it| known(it.join().is_ok())));
    tries.0
}

/// Whether the system forbade it. Another error means that it looked at what was asked.
fn is_refused<T>(result: &io::Result<T>) -> bool {
    matches!(result, Err(err) if err.kind() == io::ErrorKind::PermissionDenied)
}
