//! The migrations of the services: what a released database has on record is what the folders still say.

use futures::executor::block_on;
use std::path::{Path, PathBuf};

use super::{embedded, ensure, open};
use crate::backend::native::sql::Database;
use crate::params;
use crate::sql::Connection;

/// A row of `schema_migrations`: version, name, checksum and fingerprint.
type Record = (u32, &'static str, &'static str, &'static str);

/// The rows of `schema_migrations` in the databases of each service, as they are in use. New migrations are added at the end of a service;
/// nothing else changes here.
const RECORDS: &[(&str, &[Record])] = &[
    (
        "auth",
        &[
            (
                1,
                "create_credentials",
                "cd79189cf8068787c4935a40e0ca49002f9b288422b52185395f96dfc0efb8cb",
                "250cce8c11e2af6ae3002d2027c57bdbd39afc0d43942ae2361fd7eebe04577c",
            ),
            (
                2,
                "create_login_failures",
                "d9deb3a50831f27b936669c37463b908b37d6cf85a60bd0bc3ba227f13eacb65",
                "ec56513d2dd444feb59042926535b6cefef561e9b708605e98faaeeb2f8fe2a5",
            ),
            (
                3,
                "create_sessions",
                "b1f66e510afb383d64b8d912aae45da19ccd8f9aae1b0b15559573e6049edbd8",
                "fde5cc7fdfdef4d99965141259da59d2c4382692aaf390b8855365f1d4a2cf60",
            ),
            (
                4,
                "create_signing_keys",
                "bce15a09c68af360701f440b7aecf1bbcf0596f44d9299e561959cf64fed62ab",
                "c66b2a7ae0f27d824dd96c2f8138206ee9ccf08f08f7bbda8c33725daddd45aa",
            ),
            (
                5,
                "create_bootstrap",
                "99ed1b5947bb26c8204a526e0254329689ab6b8198888f447a1726be574a8e3e",
                "3674b9d355aa285df0b96709da975ea58f30eacba88b5912aff13cff8ec1204e",
            ),
            (
                6,
                "create_audit_log",
                "a855a4f89b63d722a2786988c3ffd374ee8c0fdde60ce535fcd7afd802da8052",
                "78f9d057d156b482d57c679f41bec7f88281074c8a443adb5253c97bf36faefd",
            ),
            (
                7,
                "count_changes_of_rights",
                "f43e0e6d08fe77bb7599f57856a740571ef6b6fc73cd9bc2cfad3b6ae40c0e85",
                "488ac774d35f13368f4a555404c37e247dbb283dde016f70a328ad0e44a31511",
            ),
            (
                8,
                "create_outbox",
                "7871378a96a332b53a5aea58ae7e8c2b345e079812796a5691790bf3a9ff7608",
                "d0d8fa4c89ca2ae8b336edbecbab8179de753447fb28c82a9569eba02c8d1106",
            ),
            (
                9,
                "create_invitations",
                "b73428df25b67b782300cac0ebe7a826dacd0a08249a9ad63ee4748c7333485d",
                "138c9a89241b453d815596b56d553a72ed7a31178f3a882a8160b74f00c077b1",
            ),
            (
                10,
                "create_pseudonym_keys",
                "320c83caa28a95412618a55b6b16dbb9e9c58dd7c62f649c99b240992b2eda67",
                "6f8c0655f89a417cc74f14ca18393b9d582c2b21389bdaa38598adaa275ea952",
            ),
            (
                11,
                "index_audit_log",
                "bc94575a5eeee685e9ffd3be3a13148cd4d94da7bdf6f0c619922a8165a15990",
                "7d11cc8b564d6ab5023c64ad5982ee112c7e9d21d0fad97caf180ab39a7a1f4f",
            ),
        ],
    ),
    (
        "catalog",
        &[
            (
                1,
                "create_products",
                "fe04ccf4d8857c5a15b2b8d163692b6d60bdbe8cf01be216f62919f29c270bc0",
                "bf68cadb794249685cdc697bbf52b22ce726c244b152fe74abc39e2f3018d3f3",
            ),
            (
                2,
                "count_products_by_category",
                "f027956ee158ed7c511ea19a984ae4a5723935f9b0c4dfb80c11dad8987490a6",
                "277b5d3e98ed7acb3eda8d4e80d5b1068b196ee2a71c62347eeef60369c48204",
            ),
            (
                3,
                "index_product_text",
                "3288f75658930475a819790b720e9059dafc550598030b59b448e1c4c796c6f4",
                "f3e53ae44587428af8aa1c77ebfe67fe4ce6b77c46d525b8102e095e04bac9fc",
            ),
            (
                4,
                "create_reservations",
                "6561da604db8e7e922a98d865eeab7f5e7afe7a878b0ab63dc28623ca39d51fc",
                "e2d9e3bd784acef6272a7db5d5a33965e25d7e8348ba1bd16451690fdc88c002",
            ),
            (
                5,
                "create_outbox",
                "7871378a96a332b53a5aea58ae7e8c2b345e079812796a5691790bf3a9ff7608",
                "20a548ed6fba2ffb8e7205c3b6ba77013b872c3b6576811380aba87347fee71f",
            ),
            (
                6,
                "create_audit_log",
                "a855a4f89b63d722a2786988c3ffd374ee8c0fdde60ce535fcd7afd802da8052",
                "4beaf75ae5e39b445df1afd62e2c3523f95d18518ef594e3c70b150a86937233",
            ),
            (
                7,
                "allocate_sold_stock",
                "99bf883cc4446e02451ab7f622d0c7e12082beb14ba002c4b02b6e22d4be4590",
                "d900624658458783ff8cc900a62b110bdc87d5204f7c73b17a51a3d84f433472",
            ),
            (
                8,
                "fold_product_text",
                "12ce23ddd6769d6aad9ab7516da53d66ac7a4f75cb0abde1adc6f2b507e60b2d",
                "14838d754f1b90c80563beb7859cc82e5610c9741d99e25174ef76928814d0fa",
            ),
            (
                9,
                "create_pseudonym_keys",
                "320c83caa28a95412618a55b6b16dbb9e9c58dd7c62f649c99b240992b2eda67",
                "359b86e5b3ae29d8784469fa883f3e7686124fd9264964a3e363f5b6a9400594",
            ),
            (
                10,
                "index_audit_log",
                "bc94575a5eeee685e9ffd3be3a13148cd4d94da7bdf6f0c619922a8165a15990",
                "d97be46515c81b61ab645055ffdfa4f90f3802ec0b1986bc207996ad1e7a291a",
            ),
        ],
    ),
    (
        "notifications",
        &[
            (
                1,
                "create_notifications",
                "86dca4d89e9067ebeacd6a43876fa044cb81515a2fde35f2b533e0aa2f212cca",
                "27e233f3fef43b35b73535a228c159e07709650c922b389aea76fbfa596a3322",
            ),
            (
                2,
                "create_breakers",
                "f54bad0af23b5704a227d1e5bbb683132ee876ab575e3b893aaa5c75b749812a",
                "b96039a1f043c30b99929d3642869056e071a37fe8ded9f4aa847369e06d87f3",
            ),
            (
                3,
                "create_outbox",
                "7871378a96a332b53a5aea58ae7e8c2b345e079812796a5691790bf3a9ff7608",
                "3fd68cf5e43d3b1351203fcfe1d0ba0db469e02b24b66a10d71712ac5a78bda4",
            ),
            (
                4,
                "create_inbox",
                "2e9a13b19d242548077c5cd193ec6477d4ff204e3f408c56f206c6d31ea456cb",
                "6630662e2c09777fe845f5a4e14d554b2a7c73e91a916b72ca9931e5b861aae9",
            ),
            (
                5,
                "create_idempotency_keys",
                "e26e99175c8169a25a29f9c628c9cb2c5db74664e907d5dd2ead7445db4be8d5",
                "99510c05deea45591b7bfd10176e17640daf98b9e6031bd40aa6654b36fd4927",
            ),
            (
                6,
                "create_audit_log",
                "a855a4f89b63d722a2786988c3ffd374ee8c0fdde60ce535fcd7afd802da8052",
                "70c917999d22a9d7cf28a83e5ed498c44ae5d17b9724a51f30963e06863575d6",
            ),
            (
                7,
                "follow_deliveries",
                "661385ddc83b596327564405b58099477a4fa3724b3d584feceb99053de30c4b",
                "ed63a361185684f614e75f59af3ece44bfc8c36efd0173bc1bb1cc7a5ac74480",
            ),
            (
                8,
                "index_calls_in_progress",
                "18cb7f8c6fb99a9028108f027a5b84980d71f9b5b448fa3215f1359d7f95f757",
                "2ce689f99efc62f48b2d00d32504d6c3e5e98c60898764230b80a07a9ff2853d",
            ),
            (
                9,
                "create_pseudonym_keys",
                "320c83caa28a95412618a55b6b16dbb9e9c58dd7c62f649c99b240992b2eda67",
                "b4a31da91aa1011d58cdef9edba04aa15cdf79ad57bd35b64084b7b7c19a1451",
            ),
            (
                10,
                "create_erased_users",
                "01c019a83250d69341adf818b08537afc14e88f568b1a4bf6e5e0f8d7cc37d9b",
                "107c17bfd902126eb1dd867fef223d602a3fe613f10aa15d6b2b87e7d6ca5b8f",
            ),
            (
                11,
                "index_audit_log",
                "bc94575a5eeee685e9ffd3be3a13148cd4d94da7bdf6f0c619922a8165a15990",
                "1081a2aa085bb20cd4bc014d54131c492c6e2409239c023dd8a7c987e81d12bc",
            ),
        ],
    ),
    (
        "orders",
        &[
            (
                1,
                "create_orders",
                "af6f4f56244c21c05863fbe72510965b5509aa4d744b81bf69528cb41f269ab1",
                "bd0e736945f3805a78fefa40bc9cd574fb2c41e87921cc71dc8e7f7d8cd8f7fc",
            ),
            (
                2,
                "create_order_timeline",
                "b4f09383e24471116d818ec2998f1731035bef193292c0213c8af8cf2edd2f30",
                "dc7a4a91df62e6a476f1bef482b9f87f43764db5fc7cc8b7943749d01f44ac79",
            ),
            (
                3,
                "create_idempotency_keys",
                "e26e99175c8169a25a29f9c628c9cb2c5db74664e907d5dd2ead7445db4be8d5",
                "8b663f8ef537bcd76dd55eb9c55dec2aea15baf83e7fe194268b7c7dd639faab",
            ),
            (
                4,
                "create_outbox",
                "7871378a96a332b53a5aea58ae7e8c2b345e079812796a5691790bf3a9ff7608",
                "74ce26cf20c806be59e435592f57d2181b2f0699c21c43392f32fc3cdd70765b",
            ),
            (
                5,
                "create_inbox",
                "2e9a13b19d242548077c5cd193ec6477d4ff204e3f408c56f206c6d31ea456cb",
                "8222c0e39c18b36785ee74bd4248ef63ab2510719b92fe06a9b2bb9688e813a5",
            ),
            (
                6,
                "create_audit_log",
                "a855a4f89b63d722a2786988c3ffd374ee8c0fdde60ce535fcd7afd802da8052",
                "e353e440f69355e139b4ede4cf7ec86cba4127a6cb1280657d7685f773affd4a",
            ),
            (
                7,
                "add_adjustments",
                "50a2d5fd95ee9b2820edcab411fa7502ea5c8b89c60800246dacb8c678081e4b",
                "931899a00789154ad85a36aef0b0ffcfe91e7a49bcb60080f023d1d4942ad917",
            ),
            (
                8,
                "create_breakers",
                "7b8fa2d12b976a17f047aaea80a1f6161158539b0e592781035541b0b3c9e025",
                "efc3f2f80c5a8de7d4fefa674429584b119e1d34a185015b345549426682a8a3",
            ),
            (
                9,
                "create_stock_calls",
                "ea42e2d9d4ec0ad5207a1815d5dd5923c9cf41908ae1853c33adf805da869acf",
                "24d6fe0f83ba334caf475e7ea25dcc3138b3919f5295d0b651a654ebc76a79b1",
            ),
            (
                10,
                "index_unpaid_orders",
                "da6779528f8467e13464b4c65812c7ad782405588257ce23a903bef366578bed",
                "a96d9a2e7a2eced40babe913ec8d74c7a2151e790804d79190e95af59620e2a0",
            ),
            (
                11,
                "add_refund",
                "d20d5a9827f113152b610d66d834f4e6dc79119bbcd0390584c09d9decdea10e",
                "549e54e266aa8a462025b80d92c57502f2ecc1bdcbb72e1fa709886d8dd2f6c0",
            ),
            (
                12,
                "create_erased_users",
                "ee968d4388d4490ed70aaea643ac373be8e5daa10fa4cea874e5d51ef443f85d",
                "fba375515f70d434c5610aeab83c0a67837f4132b1cf87cebbaaca0d1746c3e4",
            ),
            (
                13,
                "create_pseudonym_keys",
                "320c83caa28a95412618a55b6b16dbb9e9c58dd7c62f649c99b240992b2eda67",
                "bb9eb85249f1f76bf8c4bd49c97806d5b76d26f7e8994b316797022416796395",
            ),
            (
                14,
                "index_audit_log",
                "bc94575a5eeee685e9ffd3be3a13148cd4d94da7bdf6f0c619922a8165a15990",
                "6adca67ed547367b8a67cce2a773f17efc6d3517ee1fe6a53494b5ce1fde81e7",
            ),
        ],
    ),
    (
        "payments",
        &[
            (
                1,
                "create_payments",
                "3ddf217db5cc510453650616ddd95dc28d11b925d8dcb265233dac795ca83a66",
                "9501b5b9ccd9654ec69f098e6cc7056c17a6bde41eb036c5ffe43d803ea5c239",
            ),
            (
                2,
                "create_provider_calls",
                "abc0fcc6d03bbf1d981e99b44850cddaed721a23ab01e9d55cd81e190b54c0e1",
                "458db252145c4216984be248f2689b10c24a125b7d2918591a506ab9e0e48dcc",
            ),
            (
                3,
                "create_outbox",
                "7871378a96a332b53a5aea58ae7e8c2b345e079812796a5691790bf3a9ff7608",
                "bab8718aafc1fa4528dad3babf7b36cbebeb17989f03e86b9e3626cb42f29a76",
            ),
            (
                4,
                "create_inbox",
                "2e9a13b19d242548077c5cd193ec6477d4ff204e3f408c56f206c6d31ea456cb",
                "6559561fed932f3a907169e0c6bb09656677e75c34d45589f0911b77faedb02a",
            ),
            (
                5,
                "create_idempotency_keys",
                "e26e99175c8169a25a29f9c628c9cb2c5db74664e907d5dd2ead7445db4be8d5",
                "fcb2435c157ff0c2e2b844cd51433344a6e157e89d21ef3d22e36ae1c342c717",
            ),
            (
                6,
                "create_audit_log",
                "a855a4f89b63d722a2786988c3ffd374ee8c0fdde60ce535fcd7afd802da8052",
                "74a4e68f9ac17091e1037afca3bd546829703a65a3c0e26f2b94e28790024222",
            ),
            (
                7,
                "create_breakers",
                "7b8fa2d12b976a17f047aaea80a1f6161158539b0e592781035541b0b3c9e025",
                "c5ad336a0fe5a33bc59cbb59d1c211cfcb3eb7bb140c676e222a69910b2a46ff",
            ),
            (
                8,
                "index_calls_in_progress",
                "06f3cc27a644e652e47e9419857a804b2e4a2caf0692ea2f0a7ac6af4496d8cd",
                "358c04298c80da7caa6fe7ac54532a2b227d4642c8b8e8432466b870ab4c936e",
            ),
            (
                9,
                "create_erased_users",
                "008bad1675e5598eed2afefb683e2df792077d98858445c92a36d48a032929a7",
                "631856117a81e1dfbef6c37485638cf966f82896d0ae6425e0470bd3f728ce8c",
            ),
            (
                10,
                "create_pseudonym_keys",
                "320c83caa28a95412618a55b6b16dbb9e9c58dd7c62f649c99b240992b2eda67",
                "b66cddccb0df1c6d06c290ca69be1e43bb8f097d4e348cbe1b793663eba24242",
            ),
            (
                11,
                "index_audit_log",
                "bc94575a5eeee685e9ffd3be3a13148cd4d94da7bdf6f0c619922a8165a15990",
                "5b33ee396d754a603fdc58f1defdf0dac8e613a69784132c999b67b3b51eadc6",
            ),
        ],
    ),
    (
        "users",
        &[
            (
                1,
                "create_users",
                "aa9bde15c282af5720bafd76c30d48d5a5f8cb2d2ca2766212bc79fbf9b1e29f",
                "63d5d7b3e0a6441a707747362423b15b27118f92220ce7f2df0f74c52a859747",
            ),
            (
                2,
                "create_audit_log",
                "a855a4f89b63d722a2786988c3ffd374ee8c0fdde60ce535fcd7afd802da8052",
                "47cf05b090dc3c8e1086c50cfe9b67aa9f7bb4425ee4f3a1c13a69d8449aeb9f",
            ),
            (
                3,
                "mark_forgotten_credentials",
                "a6392ef281d14353fd6490a0fdb547dbebd834154fac4b4d2146a630675c2e13",
                "086564f3c8679f72dcd8c4b97d126e8d9ce144cab1b1635126ed790d74166203",
            ),
            (
                4,
                "index_admins",
                "a684dfbed475d74ccc367fb54d0d45c373e62bf8ec3c243f92514ee66333ae49",
                "b4c545dc2a08fea6ec79955c21d30efd35913d26c89e50f285a594a69579e534",
            ),
            (
                5,
                "create_outbox",
                "7871378a96a332b53a5aea58ae7e8c2b345e079812796a5691790bf3a9ff7608",
                "6b7a4a270506588133ce22244c11e8bca0f29e94a70290ec2412d6099467aaa6",
            ),
            (
                6,
                "deactivate_users",
                "46f9b051fc47a1b80469c7e6c0343be64c01ba515e5d6939614d282988706c0d",
                "98ab06b62ddcab643c84aa48d8f07c1d536e48b919b6589d56d116106b7c48b6",
            ),
            (
                7,
                "create_email_changes",
                "4a55aad278587189f0890fe1a98eb9711a3f4e462eef6ad4604bd73d8ae7eee9",
                "d7ad14d8bd68890e8cd254701e2df3b360a039671b9785bfe37d4592ba4adffc",
            ),
            (
                8,
                "key_emails_by_idna",
                "5a70b7c159dc0fda81dba37a8d0cec0c7581871dd05a458daef9000b48c34aa6",
                "33f9f0bc30462326a50589923b6c931aff39fdf2021c3a2abdc389277631fa0d",
            ),
            (
                9,
                "create_pseudonym_keys",
                "320c83caa28a95412618a55b6b16dbb9e9c58dd7c62f649c99b240992b2eda67",
                "f73f419a7901cbd170f189f44394401f7624465e4fa8b2f2fbdd65f5a45b6d19",
            ),
            (
                10,
                "follow_erasures",
                "6d25a1c4101849f706163658eae3e633dd4890181e45e8dbfe8a8cae980d6fe7",
                "c98a204d0257d89ac84062c4399eda66a2d12f09d79760a5a72e9edef01b2a3b",
            ),
            (
                11,
                "index_audit_log",
                "bc94575a5eeee685e9ffd3be3a13148cd4d94da7bdf6f0c619922a8165a15990",
                "a58592c5d38a36ee3517e4bca9f2d51eab86e39589a15d6f5a46cff09738a0e5",
            ),
        ],
    ),
];

fn folder(service: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(service)
}

async fn records(connection: &Connection) -> Vec<(u32, String, String, String)> {
    let statement = "SELECT version, name, checksum, fingerprint FROM schema_migrations ORDER BY version";
    connection.query_all(statement, &[]).await.unwrap()
}

#[test]
fn every_migration_keeps_its_number_name_checksum_and_fingerprint() {
    let services: Vec<&str> = RECORDS.iter().map(|(service, _)| *service).collect();
    let folders = std::fs::read_dir(folder("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut folders: Vec<String> = folders.collect();
    folders.sort();
    assert_eq!(folders, services);
    for (service, expected) in RECORDS {
        let loaded = embedded(&folder(service));
        let loaded: Vec<Record> = loaded
            .iter()
            .map(|migration| (migration.version, migration.name, migration.checksum, migration.fingerprint))
            .collect();
        assert_eq!(loaded, *expected, "{service}");
    }
}

#[test]
fn an_existing_database_opens_without_migrating() {
    block_on(async {
        for (service, expected) in RECORDS {
            let database = Database::temporary().unwrap();
            let connection = open(&database);
            connection.execute(super::super::CREATE_RECORD, &[]).await.unwrap();
            for (version, name, checksum, fingerprint) in *expected {
                let values = params![*version, *name, *checksum, *fingerprint];
                connection.execute(super::super::INSERT_RECORD, values).await.unwrap();
            }
            let before = database.statements().len();
            ensure(&connection, &embedded(&folder(service))).await.unwrap();
            let ran = database.statements().split_off(before);
            assert_eq!(ran, [super::super::SELECT_FINGERPRINT], "{service}");
        }
    });
}

#[test]
fn a_new_database_has_the_same_records() {
    block_on(async {
        for (service, expected) in RECORDS {
            let connection = open(&Database::temporary().unwrap());
            ensure(&connection, &embedded(&folder(service))).await.unwrap();
            let row = |(version, name, checksum, fingerprint): &Record| {
                (*version, (*name).to_owned(), (*checksum).to_owned(), (*fingerprint).to_owned())
            };
            assert_eq!(records(&connection).await, expected.iter().map(row).collect::<Vec<_>>(), "{service}");
        }
    });
}
