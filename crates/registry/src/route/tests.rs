use proptest::prelude::*;

use super::*;

const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const UPLOAD: &str = "6f2c8c5e-3f1a-4a53-9d0e-2f6d0f3b9a11";

fn route(request: &str) -> Result<Route, RouteError> {
    let (method, target) = request.split_once(' ').unwrap();
    let (path, query) = target
        .split_once('?')
        .map_or((target, None), |(path, query)| (path, Some(query)));
    Route::parse(method, path, query)
}

fn name(text: &str) -> RepositoryName {
    text.parse().unwrap()
}

fn within(repository: &str, endpoint: Endpoint) -> Route {
    Route::In {
        repository: name(repository),
        endpoint,
    }
}

fn empty() -> Digest {
    EMPTY.parse().unwrap()
}

#[test]
fn names_made_of_the_api_s_own_words_are_read_from_the_right() {
    for repository in [
        "blobs",
        "manifests/tags",
        "a/referrers",
        "tags/list",
        "a/blobs/uploads",
        "uploads/blobs",
    ] {
        let expected = name(repository);
        let of = |rest: &str| route(&format!("GET /v2/{repository}/{rest}")).unwrap();
        assert_eq!(
            of("tags/list"),
            within(
                repository,
                Endpoint::ListTags {
                    page: PageQuery::default()
                }
            )
        );
        for rest in [
            format!("manifests/{EMPTY}"),
            format!("blobs/{EMPTY}"),
            format!("referrers/{EMPTY}"),
        ] {
            assert_eq!(of(&rest).repository(), Some(&expected), "{repository} {rest}");
        }
        assert_eq!(of("manifests/list").repository(), Some(&expected));
        assert_eq!(
            of(&format!("blobs/uploads/{UPLOAD}")).repository(),
            Some(&expected)
        );
        let start = route(&format!("POST /v2/{repository}/blobs/uploads/")).unwrap();
        assert_eq!(
            start,
            within(repository, Endpoint::StartUpload { algorithm: None })
        );
    }
}

#[test]
fn an_encoded_colon_is_a_colon() {
    let encoded = EMPTY.replace(':', "%3A");
    let expected = within(
        "a",
        Endpoint::PullBlob {
            digest: empty(),
            head: true,
        },
    );
    assert_eq!(route(&format!("HEAD /v2/a/blobs/{encoded}")), Ok(expected));
    let upload = route(&format!("PUT /v2/a/blobs/uploads/{UPLOAD}?x=1&digest={encoded}")).unwrap();
    assert!(
        matches!(upload, Route::In { endpoint: Endpoint::FinishUpload { digest, .. }, .. } if digest == empty())
    );
}

#[test]
fn an_encoded_slash_does_not_leave_the_name_s_grammar() {
    assert_eq!(
        route("GET /v2/a%2Fb/tags/list").unwrap().repository(),
        Some(&name("a/b"))
    );
    for path in [
        "/v2/..%2F..%2Fetc/tags/list",
        "/v2/a/../b/tags/list",
        "/v2/a//b/tags/list",
        "/v2//tags/list",
    ] {
        assert!(
            matches!(route(&format!("GET {path}")), Err(RouteError::Repository(_))),
            "{path}"
        );
    }
    assert_eq!(
        route("GET /v2/a/manifests/..%2F..%2Fx"),
        Err(RouteError::ImpossibleTag)
    );
}

#[test]
fn what_is_no_endpoint_is_not_found() {
    for path in [
        "/",
        "/v1/",
        "/v2x",
        "/v2/a",
        "/v2/a/b",
        "/v2/a/tags/lists",
        "/v2/uploads/x",
        "/v2/a/uploads/x",
    ] {
        assert_eq!(route(&format!("GET {path}")), Err(RouteError::NotFound), "{path}");
    }
}

#[test]
fn a_method_that_a_path_does_not_take_is_refused_with_those_it_takes() {
    for (request, allow) in [
        ("POST /v2/", "GET, HEAD"),
        ("TRACE /v2/", "GET, HEAD"),
        ("DELETE /v2/_catalog", "GET, HEAD"),
        ("PUT /v2/a/tags/list", "GET, HEAD"),
        ("OPTIONS /v2/a/manifests/b", "GET, HEAD, PUT, DELETE"),
        ("PATCH /v2/a/manifests/b", "GET, HEAD, PUT, DELETE"),
        (&format!("PUT /v2/a/blobs/{EMPTY}"), "GET, HEAD, DELETE"),
        ("GET /v2/a/blobs/uploads/", "POST"),
        (
            &format!("POST /v2/a/blobs/uploads/{UPLOAD}"),
            "GET, HEAD, PATCH, PUT, DELETE",
        ),
        (&format!("POST /v2/a/referrers/{EMPTY}"), "GET, HEAD"),
    ] {
        assert_eq!(
            route(request),
            Err(RouteError::MethodNotAllowed { allow }),
            "{request}"
        );
    }
}

#[test]
fn mount_and_whole_push_are_told_from_the_query() {
    for (query, expected) in [
        (String::new(), Endpoint::StartUpload { algorithm: None }),
        (
            "digest-algorithm=sha512".into(),
            Endpoint::StartUpload {
                algorithm: Some(Algorithm::Sha512),
            },
        ),
        (format!("digest={EMPTY}"), Endpoint::PushWhole { digest: empty() }),
        (
            format!("mount={EMPTY}"),
            Endpoint::Mount {
                digest: empty(),
                from: None,
            },
        ),
        (
            format!("from=b/c&mount={EMPTY}"),
            Endpoint::Mount {
                digest: empty(),
                from: Some(name("b/c")),
            },
        ),
        (
            format!("mount={EMPTY}&from=NO"),
            Endpoint::StartUpload {
                algorithm: Some(Algorithm::Sha256),
            },
        ),
    ] {
        assert_eq!(
            route(&format!("POST /v2/a/blobs/uploads/?{query}")),
            Ok(within("a", expected)),
            "{query}"
        );
    }
    assert!(matches!(
        route("POST /v2/a/blobs/uploads/?digest-algorithm=md5"),
        Err(RouteError::Algorithm(_))
    ));
}

#[test]
fn tags_beside_a_digest_are_parsed_and_counted() {
    let push = |tags: &str| route(&format!("PUT /v2/a/manifests/{EMPTY}?{tags}"));
    match push("tag=b&tag=a&tag=b") {
        Ok(Route::In {
            endpoint: Endpoint::PushManifest { tags, .. },
            ..
        }) => {
            assert_eq!(tags.iter().map(TagName::as_str).collect::<Vec<_>>(), ["b", "a"]);
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(push("tag=.no"), Err(RouteError::Tag(_))));
    assert_eq!(
        push(&"tag=a&".repeat(TAGS_LIMIT + 1)),
        Err(RouteError::TooManyTags)
    );
}

#[test]
fn a_page_s_size_is_a_number() {
    let page = |query: &str| match route(&format!("GET /v2/a/tags/list?{query}")) {
        Ok(Route::In {
            endpoint: Endpoint::ListTags { page },
            ..
        }) => Ok(page),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error),
    };
    assert_eq!(
        page("n=0&last=v1"),
        Ok(PageQuery {
            n: Some(0),
            last: Some("v1".into())
        })
    );
    assert_eq!(page("n=99999999999999999999999").unwrap().n, Some(usize::MAX));
    for bad in ["n=-1", "n=", "n=x", "n=+1"] {
        assert_eq!(page(bad), Err(RouteError::PageSize), "{bad}");
    }
}

#[test]
fn the_plus_of_a_media_type_stays_a_plus() {
    for spelling in ["application/a+json", "application%2Fa%2Bjson"] {
        match route(&format!("GET /v2/a/referrers/{EMPTY}?artifactType={spelling}")) {
            Ok(Route::In {
                endpoint: Endpoint::Referrers { artifact_type, .. },
                ..
            }) => {
                assert_eq!(artifact_type, MediaType::parse("application/a+json"));
            }
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn no_request_line_panics(method in "[A-Z]{0,7}", path in "\\PC{0,60}", query in proptest::option::of("\\PC{0,60}")) {
        let _ = Route::parse(&method, &path, query.as_deref());
        let _ = Route::parse(&method, &format!("/v2/{path}"), query.as_deref());
    }

    #[test]
    fn every_repository_and_tag_is_found_again(
        repository in "[a-z0-9]{1,5}([._-][a-z0-9]{1,5}){0,2}(/(blobs|tags|manifests|uploads|referrers|list|[a-z]{1,3})){0,4}",
        tag in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}",
    ) {
        let parsed = route(&format!("GET /v2/{repository}/manifests/{tag}"));
        let reference = TagOrDigest::Tag(tag.parse().unwrap());
        let expected = within(&repository, Endpoint::PullManifest { reference });
        prop_assert_eq!(parsed, Ok(expected));
    }
}
