//! How Harbor's programs get a Redis URL with a password in it. They take the URL by the environment alone, where the
//! password must be percent-encoded (HB-020); what a Secret holds is raw, and may not stand in a ConfigMap. So the shell
//! of the image puts it in when the pod starts.

/// Puts the password of `REDIS_PASSWORD`, percent-encoded byte by byte, into the URLs that follow.
const ENCODE: &str = r#"encoded=$(
  LC_ALL=C
  rest=$REDIS_PASSWORD
  while [ -n "$rest" ]; do
    tail=${rest#?}
    head=${rest%"$tail"}
    rest=$tail
    case $head in
      [A-Za-z0-9._~-]) printf %s "$head" ;;
      *) printf '%%%02X' $(($(printf %d "'$head") & 255)) ;;
    esac
  done
)
"#;

/// The variable of the raw password.
pub(super) const PASSWORD: &str = "REDIS_PASSWORD";

/// The command of a container whose variables `urls` hold URLs of the form `redis://:@host` that want the password;
/// without any, the program alone. `program` is a line for the shell, the same for every document.
pub(super) fn command(urls: &[&str], program: &str) -> Vec<String> {
    let script = if urls.is_empty() {
        format!("set -eu\n{program}\n")
    } else {
        let names = urls.join(" ");
        format!(
            "set -eu\n{ENCODE}for name in {names}; do\n  eval \"url=\\${{$name}}\"\n  \
             export \"$name=${{url%%:@*}}:$encoded@${{url#*:@}}\"\ndone\n{program}\n"
        )
    };
    ["/bin/sh", "-c", &script].map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What the kubelet makes of a command: `$$` is a dollar, `$(NAME)` the value of a variable that is there.
    fn expanded(text: &str) -> String {
        assert!(
            !text.contains(&format!("$({PASSWORD})")),
            "the password would be seen"
        );
        text.replace("$$", "$")
    }

    fn launched(password: &str) -> String {
        let command = command(&["URL", "OTHER"], "printf '%s %s' \"$URL\" \"$OTHER\"");
        let output = Command::new(&command[0])
            .args(command[1..].iter().map(|argument| expanded(argument)))
            .env(PASSWORD, password)
            .env("URL", "redis://:@redis:6379/0?idle_timeout_seconds=30")
            .env("OTHER", "redis+sentinel://:@a:26379,b:26379/mymaster/1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn a_password_stands_percent_encoded_in_every_url() {
        for (password, encoded) in [
            ("plain-1.x_~", "plain-1.x_~"),
            ("a@b/c:d%e", "a%40b%2Fc%3Ad%25e"),
            ("+ \"'\\*?$", "%2B%20%22%27%5C%2A%3F%24"),
            ("mé", "m%C3%A9"),
        ] {
            let expected = format!(
                "redis://:{encoded}@redis:6379/0?idle_timeout_seconds=30 \
                 redis+sentinel://:{encoded}@a:26379,b:26379/mymaster/1"
            );
            assert_eq!(launched(password), expected);
        }
    }
}
