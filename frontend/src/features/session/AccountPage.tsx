/** One's own account: where one is signed in, the end of that, and the password. */
import { useSession } from "@/shared/hooks/useSession";
import css from "./AccountPage.module.css";
import { PasswordForm } from "./PasswordForm";
import { SignIns } from "./SignIns";

export function AccountPage() {
  const { user } = useSession();
  return (
    <>
      <title>Account – Callboard</title>
      <h1 className={css.heading}>{user ? `Account of ${user.username}` : "Account"}</h1>
      <div className={css.columns}>
        <SignIns />
        <PasswordForm username={user?.username ?? ""} />
      </div>
    </>
  );
}
