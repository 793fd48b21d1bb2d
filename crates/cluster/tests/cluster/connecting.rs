//! A server that is not the one it should be.

use berth_cluster::Cause;

use crate::scene::{connect, key, scenes};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_certificate_is_not_trusted_is_told_at_once() {
    for scene in scenes("tls").await {
        let file = scene
            .plane
            .folder()
            .join(format!("kubeconfig-{}", scene.namespace));
        let kubeconfig = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: c\n\
             contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n\
             clusters: [{{name: c, cluster: {{server: \"https://{}\"}}}}]\n\
             users: [{{name: u, user: {{token: t}}}}]\n",
            scene.plane.address()
        );
        std::fs::write(&file, kubeconfig).unwrap();
        let cluster = connect(file).await;
        let refused = cluster.get(&key(&scene.config_map("a", "1"))).await.unwrap_err();
        let Cause::Unreachable { source, .. } = &*refused.cause else {
            panic!("{refused}");
        };
        let mut said = source.to_string();
        let mut beneath = source.source();
        while let Some(error) = beneath {
            said = format!("{said}: {error}");
            beneath = error.source();
        }
        assert!(said.to_lowercase().contains("certificate"), "{said}");
    }
}
