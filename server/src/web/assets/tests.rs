#![allow(clippy::unwrap_used)]

use super::*;

static BUILT: &[Asset] = &[
    Asset {
        path: "/app-0123456789abcdef.js",
        media_type: "text/javascript; charset=utf-8",
        hash: "aa",
        immutable: true,
        identity: b"plain script",
        brotli: Some(b"br script"),
        gzip: Some(b"gz script"),
    },
    Asset {
        path: "/icon.png",
        media_type: "image/png",
        hash: "bb",
        immutable: false,
        identity: b"image",
        brotli: None,
        gzip: None,
    },
    Asset {
        path: "/index.html",
        media_type: "text/html; charset=utf-8",
        hash: "cc",
        immutable: false,
        identity: b"page",
        brotli: None,
        gzip: None,
    },
];

fn ask(method: Method, path: &str, fields: &[(header::HeaderName, &str)]) -> Response<Body> {
    let headers = fields.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
    respond(BUILT, &method, path, &headers)
}

fn field(response: &Response<Body>, name: header::HeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn body(response: Response<Body>) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

#[tokio::test]
async fn an_asset_comes_compressed_and_is_kept_for_ever() {
    let response = ask(Method::GET, BUILT[0].path, &[(header::ACCEPT_ENCODING, "gzip, br")]);
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(field(&response, header::CONTENT_ENCODING), "br");
    assert_eq!(field(&response, header::CONTENT_LENGTH), "9");
    assert_eq!(field(&response, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
    assert_eq!(field(&response, header::CACHE_CONTROL), "public, max-age=31536000, immutable");
    assert_eq!(field(&response, header::VARY), "accept-encoding");
    assert_eq!(body(response).await, b"br script");
}

#[tokio::test]
async fn every_path_that_names_no_file_is_the_page() {
    for path in ["/", "/index.html", "/s/0198-abc", "/s/0198-abc/wall", "/apidocs"] {
        let response = ask(Method::GET, path, &[]);
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(field(&response, header::CACHE_CONTROL), "no-cache");
        assert_eq!(field(&response, header::VARY), "");
        assert_eq!(body(response).await, b"page", "{path}");
    }
}

#[tokio::test]
async fn an_unknown_file_or_call_is_not_the_page() {
    for path in
        ["/api", "/api/", "/api/sessions/x", "/favicon.ico", "/app-ffffffffffffffff.js", "/../etc/passwd.txt"]
    {
        assert_eq!(ask(Method::GET, path, &[]).status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(ask(Method::POST, path, &[]).status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_page_can_only_be_read() {
    let response = ask(Method::POST, "/", &[]);
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(field(&response, header::ALLOW), "GET, HEAD");
}

#[tokio::test]
async fn head_says_what_get_would_say_without_the_content() {
    let response = ask(Method::HEAD, BUILT[0].path, &[(header::ACCEPT_ENCODING, "gzip")]);
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(field(&response, header::CONTENT_LENGTH), "9");
    assert_eq!(field(&response, header::CONTENT_ENCODING), "gzip");
    assert!(body(response).await.is_empty());
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let first = ask(Method::GET, "/", &[]);
    let tag = field(&first, header::ETAG).to_owned();
    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let again = ask(Method::GET, "/", &[(header::IF_NONE_MATCH, &known)]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(field(&again, header::ETAG), tag);
        assert!(body(again).await.is_empty());
    }
    let other = ask(Method::GET, "/", &[(header::IF_NONE_MATCH, "\"dd\"")]);
    assert_eq!(other.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_tag_of_one_coding_does_not_stand_for_another() {
    let brotli = ask(Method::GET, BUILT[0].path, &[(header::ACCEPT_ENCODING, "br")]);
    let tag = field(&brotli, header::ETAG).to_owned();
    let gzip = (header::ACCEPT_ENCODING, "gzip");
    let response = ask(Method::GET, BUILT[0].path, &[gzip, (header::IF_NONE_MATCH, &tag)]);
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(body(response).await, b"gz script");
}

#[tokio::test]
async fn without_a_client_the_server_says_how_to_get_one() {
    let response = respond(&[], &Method::GET, "/", &HeaderMap::new());
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(field(&response, header::CACHE_CONTROL), "no-store");
    assert_eq!(body(response).await, NOT_BUILT.as_bytes());
}

#[test]
fn the_page_and_all_that_it_refers_to_are_here_together() {
    let Some(page) = ASSETS.iter().find(|asset| asset.path == PAGE) else {
        assert!(!is_built(), "assets without a page");
        return;
    };
    let text = std::str::from_utf8(page.identity).unwrap();
    let scripts: Vec<&Asset> = ASSETS.iter().filter(|asset| asset.path.ends_with(".js")).collect();
    let said: Vec<&str> =
        scripts.iter().map(|script| std::str::from_utf8(script.identity).unwrap()).chain([text]).collect();
    for asset in ASSETS.iter().filter(|asset| asset.immutable) {
        let name = asset.path.trim_start_matches('/');
        // Scripts import each other in a circle, and have one hash, of all of them.
        let together = asset.path.ends_with(".js") && {
            let hash = |path: &str| path.trim_end_matches(".js").rsplit('-').next().map(str::to_owned);
            scripts.iter().all(|script| hash(script.path) == hash(asset.path))
        };
        assert!(together || asset.path.contains(asset.hash), "{}: a name of another content", asset.path);
        if !asset.media_type.starts_with("image/") {
            assert!(said.iter().any(|text| text.contains(name)), "{}: nothing refers to it", asset.path);
        }
    }
    let unquoted = text.replace(['"', '\''], "");
    for elsewhere in ["src=http", "src=//", "href=http", "href=//"] {
        assert!(!unquoted.contains(elsewhere), "the page asks another host");
    }
}
