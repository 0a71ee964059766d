use super::*;

const MODEL: Fingerprint = Fingerprint([1; 32]);

fn tokens(ids: std::ops::Range<i32>) -> Vec<Token> {
    ids.map(Token::new).collect()
}

fn open(root: &Path, limit: u64) -> Parking {
    Parking::open(root.to_owned(), limit, vec![(CellKind::F16, MODEL)])
}

fn find(parking: &Parking, wanted: &[Token]) -> Option<usize> {
    let same = |known: &[Token]| {
        let n = known.iter().zip(wanted).take_while(|(a, b)| a == b).count();
        Common { known: n, prompt: n }
    };
    parking.best(same).filter(|(_, common)| 0 < common.prompt).map(|(idx, _)| idx)
}

fn the_file(root: &Path) -> PathBuf {
    let mut files = files_in(&root.join(MODEL.name()));
    assert_eq!(files.len(), 1);
    files.remove(0).0
}

#[test]
fn what_is_parked_is_there_after_a_restart() {
    let root = tempfile::tempdir().expect("there is a disk");
    let mut parking = open(root.path(), 1 << 20);
    assert!(parking.save(Owner(7), &tokens(0..40), b"state"));
    let mut parking = open(root.path(), 1 << 20);
    let idx = find(&parking, &tokens(0..50)).expect("it is found");
    assert_eq!(parking.tokens(idx), tokens(0..40));
    assert_eq!(parking.load(idx), Ok(b"state".to_vec()));
    assert!(parking.knows(Owner(7)));
}

#[test]
fn what_was_set_aside_is_found_at_once_and_on_the_disk_when_it_was_written() {
    let root = tempfile::tempdir().expect("there is a disk");
    let mut parking = open(root.path(), 1 << 20);
    assert!(parking.set_aside(Owner(7), &tokens(0..40), b"state".to_vec()));
    let idx = find(&parking, &tokens(0..50)).expect("it is found");
    assert_eq!(parking.load(idx), Ok(b"state".to_vec()));
    assert!(open(root.path(), 1 << 20).entries.is_empty());
    assert!(parking.write_one() && !parking.write_one());
    for mut parking in [parking, open(root.path(), 1 << 20)] {
        let idx = find(&parking, &tokens(0..50)).expect("it is found");
        assert_eq!(parking.load(idx), Ok(b"state".to_vec()));
    }
}

#[test]
fn what_was_set_aside_is_forgotten_or_gives_way_as_the_rest_does() {
    let root = tempfile::tempdir().expect("there is a disk");
    let mut parking = open(root.path(), 1 << 10);
    assert!(parking.set_aside(Owner(1), &tokens(0..20), vec![0; 2000]));
    assert!(parking.set_aside(Owner(2), &tokens(50..70), vec![0; 20]));
    parking.forget(Owner(2));
    assert!(parking.write_one() && !parking.write_one());
    assert!(parking.gave_way(Owner(1)) && parking.entries.is_empty());
    assert!(!open(root.path(), 0).set_aside(Owner(1), &tokens(0..30), vec![0]));
}

#[test]
fn a_longer_text_takes_the_place_of_its_beginning() {
    let root = tempfile::tempdir().expect("there is a disk");
    let mut parking = open(root.path(), 1 << 20);
    assert!(parking.save(Owner(7), &tokens(0..40), b"short"));
    assert!(parking.save(Owner(7), &tokens(0..60), b"long"));
    the_file(root.path());
    let idx = find(&parking, &tokens(0..50)).expect("it is found");
    assert_eq!(parking.load(idx), Ok(b"long".to_vec()));
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    let root = tempfile::tempdir().expect("there is a disk");
    assert!(open(root.path(), 1 << 20).save(Owner(7), &tokens(0..20), b"the state"));
    let path = the_file(root.path());
    let whole = fs::read(&path).expect("it is there");
    for at in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[at / 8] ^= 1 << (at % 8);
        fs::write(&path, &bytes).expect("it can be written");
        let mut parking = open(root.path(), 1 << 20);
        let loaded = find(&parking, &tokens(0..30)).map(|idx| parking.load(idx));
        // Where a token is another one, nothing is found.
        assert!(!matches!(loaded, Some(Ok(_))), "bit {at}");
        assert!(loaded.is_none() || !path.exists(), "bit {at}: it is removed");
    }
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).expect("it can be written");
        let mut parking = open(root.path(), 1 << 20);
        let loaded = find(&parking, &tokens(0..30)).map(|idx| parking.load(idx));
        assert!(!matches!(loaded, Some(Ok(_))), "{length} bytes");
    }
}

#[test]
fn another_model_finds_nothing() {
    let root = tempfile::tempdir().expect("there is a disk");
    assert!(open(root.path(), 1 << 20).save(Owner(7), &tokens(0..20), b"state"));
    let path = the_file(root.path());
    let other = Fingerprint([2; 32]);
    let folder = root.path().join(other.name());
    fs::create_dir_all(&folder).expect("it can be made");
    fs::rename(&path, folder.join("7-0.parked")).expect("it can be moved");
    let parking = Parking::open(root.path().to_owned(), 1 << 20, vec![(CellKind::F16, other)]);
    assert_eq!(find(&parking, &tokens(0..30)), None);
}

#[test]
fn the_oldest_gives_way_when_there_is_no_room() {
    let root = tempfile::tempdir().expect("there is a disk");
    let one = file::size(&tokens(0..20), &[0; 1000]);
    let mut parking = open(root.path(), 2 * one);
    assert!(parking.save(Owner(1), &tokens(0..20), &[0; 1000]));
    assert!(parking.save(Owner(2), &tokens(100..120), &[0; 1000]));
    let old = SystemTime::UNIX_EPOCH;
    let first = find(&parking, &tokens(0..30)).expect("it is parked");
    let Place::File(path) = &parking.entries[first].place else { panic!("it was not written") };
    let file = fs::File::open(path).expect("it is there");
    file.set_modified(old).expect("its time can be set");
    assert!(parking.save(Owner(3), &tokens(200..220), &[0; 1000]));
    assert_eq!(find(&parking, &tokens(0..30)), None);
    assert!(parking.gave_way(Owner(1)) && !parking.gave_way(Owner(2)));
    assert!(find(&parking, &tokens(100..130)).is_some());
    assert!(!parking.save(Owner(4), &tokens(300..320), &[0; 9000]), "it is larger than all");
}

#[test]
fn what_an_owner_said_is_forgotten_together() {
    let root = tempfile::tempdir().expect("there is a disk");
    let mut parking = open(root.path(), 1 << 20);
    assert!(parking.save(Owner(1), &tokens(0..20), b"a"));
    assert!(parking.save(Owner(12), &tokens(100..120), b"b"));
    keep_only(root.path(), |owner| owner != Owner(12));
    parking.forget(Owner(1));
    let parking = open(root.path(), 1 << 20);
    assert!(parking.entries.is_empty());
}

#[test]
fn a_few_tokens_or_no_room_at_all_park_nothing() {
    let root = tempfile::tempdir().expect("there is a disk");
    assert!(!open(root.path(), 1 << 20).save(Owner(1), &tokens(0..3), b"a"));
    assert!(!open(root.path(), 0).save(Owner(1), &tokens(0..30), b"a"));
    assert_eq!(fs::read_dir(root.path()).expect("it is there").count(), 0);
}

#[test]
fn what_was_parked_from_cells_of_another_kind_is_known_and_not_gone_on_from() {
    let root = tempfile::tempdir().expect("there is a disk");
    let kinds = vec![(CellKind::F16, MODEL), (CellKind::Q8, Fingerprint([2; 32]))];
    let open = || Parking::open(root.path().to_owned(), 1 << 20, kinds.clone());
    assert!(open().save(Owner(7), &tokens(0..40), b"state"));
    let mut parking = open();
    parking.use_kind(CellKind::Q8);
    assert_eq!(find(&parking, &tokens(0..50)), None);
    let all = |known: &[Token]| Common { known: known.len(), prompt: known.len() };
    assert_eq!(parking.best_kind(all), Some((CellKind::F16, 40)));
    // What is parked now takes its place.
    assert!(parking.save(Owner(7), &tokens(0..40), b"small"));
    let mut parking = open();
    assert_eq!(find(&parking, &tokens(0..50)), None);
    assert_eq!(parking.best_kind(all), Some((CellKind::Q8, 40)));
    parking.use_kind(CellKind::Q8);
    let idx = find(&parking, &tokens(0..50)).expect("it is found");
    assert_eq!(parking.load(idx), Ok(b"small".to_vec()));
}

#[test]
fn what_was_not_parked_when_an_engine_ended_is_known_to_be_lost_once() {
    let root = tempfile::tempdir().expect("there is a disk");
    let mut parking = open(root.path(), 1 << 20);
    for owner in [Owner(1), Owner(2), Owner(3)] {
        parking.is_live(owner);
    }
    assert!(parking.save(Owner(1), &tokens(0..40), b"state"));
    parking.forget(Owner(3));
    // It ends here without a word, and so does the next one.
    drop(open(root.path(), 1 << 20));
    let mut parking = open(root.path(), 1 << 20);
    parking.is_live(Owner(4));
    assert!(parking.take_lost(Owner(2)) && !parking.take_lost(Owner(2)));
    assert!(!parking.take_lost(Owner(1)) && !parking.take_lost(Owner(3)));
    parking.is_done();
    assert!(!open(root.path(), 1 << 20).take_lost(Owner(4)));
    assert!(!root.path().join(MODEL.name()).join(LIVE).exists());
}
